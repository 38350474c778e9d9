import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, RowOp, type Bytes } from '../../core/bytes';
import { applyPiece, isPiece } from '../../core/pieces';
import { apartFromFiles, isThrough } from '../../core/sync_facts';

const key = (...bytes: number[]): Bytes => new Uint8Array(bytes);

test('pieces of photos lie apart from rows, under digest and place in hexadecimal', async () => {
  const stored: [string, Bytes][] = [];
  const store = {
    put: async (value: Bytes, name: string) => void stored.push([name, value]),
    delete: async () => undefined,
  };
  const piece = { op: RowOp.put, key: key(0x42, 0x0a, 0xff), value: key(1) };
  assert.equal(isPiece(piece), true);
  assert.equal(isPiece({ ...piece, key: key(0x46, 0x42) }), false, 'a row about a file');
  assert.equal(isPiece({ ...piece, key: key() }), false);
  await applyPiece(store, piece);
  assert.deepEqual(stored, [['0aff', key(1)]]);
  assert.deepEqual(joined([key(1, 2), key(), key(3)]), key(1, 2, 3));
});

test('a connection is through when no photo can go or come any more', () => {
  assert.equal(isThrough({ synced: true }), true, 'before files are spoken of');
  assert.equal(isThrough({ synced: true, files: { idle: false } }), false);
  assert.equal(isThrough({ synced: true, files: { idle: true } }), true);
  assert.equal(isThrough({ synced: false, files: { idle: true } }), false);
});

test('a piece of a photo is no news of the log', () => {
  const told = (sent: number, own = 1) => ({ own, files: { sent }, wants: [`${sent}`] });
  assert.equal(apartFromFiles(told(1)), apartFromFiles(told(2)));
  assert.notEqual(apartFromFiles(told(1)), apartFromFiles(told(1, 2)));
});
