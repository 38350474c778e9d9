import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, type Outcome } from '../../core/fault';
import { judgeInTurn } from '../../core/judging';
import { joinTo } from '../../core/remote';

interface Page {
  name(): Promise<string>;
}
interface Worker {
  add(one: number, other: number): Promise<number>;
  late(): Promise<string>;
  breaks(): Promise<Outcome<string>>;
  asksBack(): Promise<string>;
}

/** Both ends of a line, and what ends it. */
function join(): { worker: Worker; close(): void } {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  const page = joinTo<Page>(port2, {
    add: async (one: number, other: number) => one + other,
    late: () => new Promise((go) => setTimeout(() => go('late'), 20)),
    breaks: async () => {
      throw new Error('broken');
    },
    asksBack: async () => `told ${await page.name()}`,
  });
  const worker = joinTo<Worker>(port1, { name: async () => 'a page' });
  return { worker, close: () => port1.close() };
}

test('each call over the line gets its own answer, whichever is done first', async () => {
  const { worker, close } = join();
  try {
    const late = worker.late();
    assert.deepEqual(await Promise.all([worker.add(1, 2), worker.add(3, 4)]), [3, 7]);
    assert.equal(await late, 'late');
    assert.equal(await worker.asksBack(), 'told a page');
  } finally {
    close();
  }
});

test('a method that throws is answered with a fault, and nobody waits for ever', async () => {
  const { worker, close } = join();
  try {
    const answer = await worker.breaks();
    assert.deepEqual(answer, {
      ok: false,
      fault: { code: 'no_answer', detail: 'Error: broken' },
    });
  } finally {
    close();
  }
});

test('of several actors the first whom the rules do not refuse is taken, or else the first', async () => {
  let asked: unknown[] = [];
  const taken = async (actors: string[], ...refused: string[]) => {
    asked = [];
    const judged = await judgeInTurn(async (actor) => {
      asked.push(actor);
      return good(refused.includes(String(actor)) ? { refused: { rule: 'A01' } } : {});
    }, actors);
    return judged.ok ? judged.value.actor : judged.fault.code;
  };
  assert.equal(await taken(['1.1', '1.2', '1.3'], '1.1'), '1.2');
  assert.deepEqual(asked, ['1.1', '1.2']);
  assert.equal(await taken(['1.1', '1.2'], '1.1', '1.2'), '1.1');
  assert.equal(await taken([]), undefined);
  assert.deepEqual(asked, [undefined]);
});
