import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeRows,
  encodeFields,
  encodeRows,
  endOfPrefix,
  RowOp,
  type Bytes,
  type RowChange,
} from '../../core/bytes';

const bytes = (...values: number[]): Bytes => new Uint8Array(values);

test('fields are written as the module reads them', () => {
  const given = { a: 'ộ', n: 7, on: true, left_out: undefined, raw: bytes(0, 255) };
  assert.deepEqual(
    [...encodeFields(given)],
    [
      ...[1, 0, 0x61, 3, 0, 0, 0, 0xe1, 0xbb, 0x99],
      ...[1, 0, 0x6e, 1, 0, 0, 0, 0x37],
      ...[2, 0, 0x6f, 0x6e, 1, 0, 0, 0, 0x31],
      ...[3, 0, 0x72, 0x61, 0x77, 2, 0, 0, 0, 0, 255],
    ],
  );
});

test('a list is a name that repeats', () => {
  assert.deepEqual(
    [...encodeFields({ a: ['x', 'y'] })],
    [1, 0, 0x61, 1, 0, 0, 0, 0x78, 1, 0, 0x61, 1, 0, 0, 0, 0x79],
  );
});

test('rows come back as they were written', () => {
  const rows: RowChange[] = [
    { op: RowOp.put, key: bytes(1, 2), value: bytes(3) },
    { op: RowOp.erase, key: bytes(), value: bytes() },
    { op: RowOp.eraseRange, key: bytes(9), value: bytes(10) },
  ];
  assert.deepEqual(decodeRows(encodeRows(rows)), rows);
});

// A reply that was cut must never pass for fewer rows.
test('rows that were cut anywhere are refused', () => {
  const whole = encodeRows([{ op: RowOp.put, key: bytes(1, 2, 3), value: bytes(4, 5) }]);
  for (let size = 1; size < whole.length; size += 1) {
    assert.throws(() => decodeRows(whole.subarray(0, size)), RangeError, `at ${size}`);
  }
  assert.throws(() => decodeRows(bytes(4, 0, 0, 0, 0, 0, 0, 0, 0)), RangeError);
});

test('the end of a prefix stands behind every key that begins with it', () => {
  assert.deepEqual(endOfPrefix(bytes(1, 2)), bytes(1, 3));
  assert.deepEqual(endOfPrefix(bytes(1, 255, 255)), bytes(2));
  assert.equal(endOfPrefix(bytes(255)), undefined);
  assert.equal(endOfPrefix(bytes()), undefined);
});
