// The server's end of a WebSocket (RFC 6455), as far as tests need it: binary messages in one frame.

import type { Socket } from 'node:net';

export interface SocketPeer {
  send(bytes: Buffer): void;
}

export function openSocket(line: Socket, received: (bytes: Buffer) => void): SocketPeer {
  let buffered: Buffer = Buffer.alloc(0);
  line.on('error', () => undefined);
  line.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = cutFrame(buffered); frame !== undefined; frame = cutFrame(buffered)) {
      buffered = frame.rest;
      if (frame.kind === 2) received(frame.bytes);
      if (frame.kind === 8) line.end(Buffer.from([0x88, 0]));
    }
  });
  return {
    send(bytes) {
      const head =
        bytes.length < 126
          ? Buffer.from([0x82, bytes.length])
          : Buffer.from([0x82, 126, bytes.length >> 8, bytes.length & 255]);
      line.write(Buffer.concat([head, bytes]));
    },
  };
}

function cutFrame(from: Buffer): { kind: number; bytes: Buffer; rest: Buffer } | undefined {
  if (from.length < 6) return undefined;
  let size = (from[1] as number) & 127;
  let at = 2;
  if (size === 126) {
    size = from.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (from.length < 14) return undefined;
    size = Number(from.readBigUInt64BE(2));
    at = 10;
  }
  if (from.length < at + 4 + size) return undefined;
  const mask = from.subarray(at, at + 4);
  const bytes = Buffer.from(from.subarray(at + 4, at + 4 + size));
  for (let i = 0; i < size; i += 1) bytes[i] = (bytes[i] as number) ^ (mask[i % 4] as number);
  return { kind: (from[0] as number) & 15, bytes, rest: from.subarray(at + 4 + size) };
}
