// One conversation over a WebSocket: messages in their order, one answered before the next.

import type { Bytes } from './bytes';

export const subprotocol = 'cs1';

export interface Conversation {
  /** It is being opened. */
  begun(hangUp: () => void): void;
  /** The line is there: what is said first. Nothing: hang up. */
  opened(): Promise<Bytes | undefined>;
  /** The first message is on its way; others may be sent from now on. */
  ready(send: (bytes: Bytes, isQuestion?: boolean) => void): void;
  /** What is said to a message; the server need not answer it. Nothing: hang up. */
  received(frames: Bytes): Promise<Bytes | undefined>;
}

export interface Ending {
  /** The upgrade got through. */
  opened: boolean;
  /** cut, silent, done (this side hung up) or refused (this side had nothing to say). */
  why: string;
}

const openingTime = 30_000;
/** The server answers within this time, once everything is on the line. */
const answerTime = 45_000;
const lookEvery = 5_000;

export function converse(url: string, conversation: Conversation): Promise<Ending> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, subprotocol);
    socket.binaryType = 'arraybuffer';
    let opened = false;
    let ended = false;
    let turn: Promise<void> = Promise.resolve();
    let askedAt: number | undefined; // Since then an answer is due.

    const end = (why: string) => {
      if (ended) return;
      ended = true;
      clearTimeout(opening);
      clearInterval(looking);
      socket.onmessage = null;
      socket.close();
      resolve({ opened, why });
    };
    const send = (bytes: Bytes, isQuestion = true) => {
      if (bytes.length === 0 || socket.readyState !== WebSocket.OPEN) return;
      if (isQuestion) askedAt ??= Date.now();
      socket.send(bytes);
    };
    const opening = setTimeout(() => end('silent'), openingTime);
    const looking = setInterval(() => {
      if (socket.bufferedAmount > 0 && askedAt !== undefined) askedAt = Date.now();
      if (askedAt !== undefined && Date.now() - askedAt > answerTime) end('silent');
    }, lookEvery);
    const say = (words: () => Promise<Bytes | undefined>, then?: () => void) => {
      turn = turn.then(async () => {
        if (ended) return;
        const bytes = await words();
        if (ended) return;
        if (bytes === undefined) return end(opened && then === undefined ? 'done' : 'refused');
        send(bytes, then !== undefined);
        then?.();
      });
    };

    conversation.begun(() => end('done'));
    socket.onopen = () => {
      opened = true;
      clearTimeout(opening);
      say(
        () => conversation.opened(),
        () => conversation.ready(send),
      );
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      askedAt = undefined;
      say(() => conversation.received(new Uint8Array(data)));
    };
    socket.onclose = () => {
      // What has come is taken in before the end is told.
      turn = turn.then(() => end('cut'));
    };
  });
}
