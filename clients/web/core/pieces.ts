// The bytes of evidence: the module seals them piece by piece, and they lie in the object store
// `files` under digest and place. Rows whose keys begin with "B" are such pieces.

import { type Bytes, RowOp, type RowChange } from './bytes';

const pieceLetter = 0x42;

export const isPiece = ({ key }: RowChange): boolean => key[0] === pieceLetter;

interface PieceStore {
  put(value: Bytes, key: string): Promise<unknown>;
  delete(key: string | IDBKeyRange): Promise<unknown>;
}

/** Every piece of a file, in its order. */
export const piecesOf = (name: string): IDBKeyRange => IDBKeyRange.bound(name, `${name}~`);

/** The request; a range is always one whole file. */
export function applyPiece(stored: PieceStore, { op, key, value }: RowChange): Promise<unknown> {
  const name = Array.from(key.subarray(1), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (op === RowOp.put) return stored.put(value, name);
  return stored.delete(op === RowOp.erase ? name : piecesOf(name));
}

export function joined(pieces: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
