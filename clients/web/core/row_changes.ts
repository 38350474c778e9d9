// How what a call of the module wants stored becomes requests of one transaction.

import { type Bytes, endOfPrefix, RowOp, type RowChange } from './bytes';
import { applyPiece, isPiece, type PieceStore } from './pieces';

/** A request that failed fails its transaction, which says so. */
export function quiet(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

interface RowStore {
  put(value: Bytes, key: Bytes): Promise<unknown>;
  delete(key: Bytes | IDBKeyRange): Promise<unknown>;
}

/** Rows of the module go to `stored`, pieces of files to `files`. */
export function applyRow(stored: RowStore, files: PieceStore, row: RowChange): void {
  if (isPiece(row)) return quiet(applyPiece(files, row));
  const { op, key, value } = row;
  if (op === RowOp.put) {
    quiet(stored.put(value, key));
  } else if (op === RowOp.erase) {
    quiet(stored.delete(key));
  } else {
    const end = value.length > 0 ? value : endOfPrefix(key);
    quiet(
      stored.delete(end ? IDBKeyRange.bound(key, end, false, true) : IDBKeyRange.lowerBound(key)),
    );
  }
}
