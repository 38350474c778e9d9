// The bytes of evidence: the module seals them piece by piece, and they lie in the object store
// `files` under digest and place. Rows whose keys begin with "B" are such pieces.

import { type Bytes, hexOf, RowOp, type RowChange } from './bytes';

const pieceLetter = 0x42;

export const isPiece = ({ key }: RowChange): boolean => key[0] === pieceLetter;

export interface PieceStore {
  put(value: Bytes, key: string): Promise<unknown>;
  delete(key: string | IDBKeyRange): Promise<unknown>;
}

/** Every piece of a file, in its order. */
export const piecesOf = (name: string): IDBKeyRange => IDBKeyRange.bound(name, `${name}~`);

/** The request; a range is always one whole file. */
export function applyPiece(stored: PieceStore, { op, key, value }: RowChange): Promise<unknown> {
  const name = hexOf(key.subarray(1));
  if (op === RowOp.put) return stored.put(value, name);
  return stored.delete(op === RowOp.erase ? name : piecesOf(name));
}
