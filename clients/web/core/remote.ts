// The two ends of the line between a page and its worker: either calls the other's methods by name,
// with plain data, and hears one answer to each call.

import { bad, detailOf } from './fault';

/** A worker as its page sees it, or a page as its worker sees it. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', hear: (event: MessageEvent) => void): void;
}

/** A call has a name and arguments; an answer has the number of its call and no name. */
type Message = [number: number, name: string | null, given: unknown];

/**
 * `own`: what the other end may call. Gives the methods of the other end.
 * Faults: no_answer: a method threw; none is meant to.
 */
export function joinTo<Other extends object>(port: Port, own: object): Other {
  const methods = own as Record<string, (...args: unknown[]) => unknown>;
  const waiting = new Map<number, (answer: unknown) => void>();
  let last = 0;
  const carryOut = async (name: string, args: unknown[]): Promise<unknown> => {
    try {
      return await methods[name]?.(...args);
    } catch (thrown) {
      return bad('no_answer', { detail: detailOf(thrown) });
    }
  };
  port.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    const [number, name, given] = data;
    if (name !== null) {
      void carryOut(name, given as unknown[]).then((answer) =>
        port.postMessage([number, null, answer]),
      );
      return;
    }
    waiting.get(number)?.(given);
    waiting.delete(number);
  });
  const call = (name: string, args: unknown[]): Promise<unknown> =>
    new Promise((settle) => {
      last += 1;
      waiting.set(last, settle);
      port.postMessage([last, name, args]);
    });
  return new Proxy({} as Other, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        call(String(name), args),
  });
}
