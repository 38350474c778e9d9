// Bytes in and out of the module: lists of fields, lists of rows. Format: docs/web.md, "Calls".

export type Bytes = Uint8Array<ArrayBuffer>;
export type FieldValue = string | number | boolean | Bytes;
/** An array stands for a name that repeats; undefined is left out. */
export type Fields = Record<string, FieldValue | readonly FieldValue[] | undefined>;

/** A change of what is stored: put, delete, or delete all keys in a range. */
export interface RowChange {
  op: RowOp;
  key: Bytes;
  /** Of a put. Of a range: the first key behind it; empty: every key that begins with `key`. */
  value: Bytes;
}
export const enum RowOp {
  put = 1,
  erase = 2,
  eraseRange = 3,
}

const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true });

function bytesOf(value: FieldValue): Bytes {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'boolean') return utf8.encode(value ? '1' : '0');
  return utf8.encode(String(value));
}

/** The fields as the module reads them, in the order of the object. */
export function encodeFields(fields: Fields): Bytes {
  const parts: [Bytes, Bytes][] = [];
  let size = 0;
  for (const [name, given] of Object.entries(fields)) {
    const values = Array.isArray(given) ? (given as readonly FieldValue[]) : [given as FieldValue];
    for (const value of values) {
      if (value === undefined) continue;
      const part: [Bytes, Bytes] = [utf8.encode(name), bytesOf(value)];
      size += 6 + part[0].length + part[1].length;
      parts.push(part);
    }
  }
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [name, value] of parts) {
    view.setUint16(at, name.length, true);
    out.set(name, at + 2);
    at += 2 + name.length;
    view.setUint32(at, value.length, true);
    out.set(value, at + 4);
    at += 4 + value.length;
  }
  return out;
}

/** The rows that a reply wants written; they share no memory with `bytes`. */
export function decodeRows(bytes: Bytes): RowChange[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: RowChange[] = [];
  let at = 0;
  const take = (): Bytes => {
    const size = view.getUint32(at, true);
    if (size > bytes.length - at - 4) throw new RangeError('a row is longer than its reply');
    const part = bytes.slice(at + 4, at + 4 + size);
    at += 4 + size;
    return part;
  };
  while (at < bytes.length) {
    const op = view.getUint8(at);
    if (op < RowOp.put || op > RowOp.eraseRange) throw new RangeError(`no row operation ${op}`);
    at += 1;
    rows.push({ op, key: take(), value: take() });
  }
  return rows;
}

export function encodeRows(rows: readonly RowChange[]): Bytes {
  const size = rows.reduce((sum, row) => sum + 9 + row.key.length + row.value.length, 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const row of rows) {
    view.setUint8(at, row.op);
    at += 1;
    for (const part of [row.key, row.value]) {
      view.setUint32(at, part.length, true);
      out.set(part, at + 4);
      at += 4 + part.length;
    }
  }
  return out;
}

/** The first key behind all keys that begin with `prefix`; nothing when there is none. */
export function endOfPrefix(prefix: Bytes): Bytes | undefined {
  let size = prefix.length;
  while (size > 0 && prefix[size - 1] === 0xff) size -= 1;
  if (size === 0) return undefined;
  const end = prefix.slice(0, size);
  end[size - 1] = (end[size - 1] as number) + 1;
  return end;
}

/** All parts, one behind the other. */
export function joined(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0] as Bytes;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const hexOf = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function bytesOfHex(digits: string): Bytes {
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
}

export const textOf = (bytes: Bytes): string => strict.decode(bytes);
