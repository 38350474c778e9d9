// The real module and the real server: whoever registers people for a whole day has the browser
// killed under every step of it.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Outcome } from '../../core/fault';
import { ready, until } from '../support/browser';
import { Held, isBefore, isBehind } from '../support/held';
import {
  enrol,
  inStep,
  official,
  registration,
  view,
  village,
  type Data,
  type Village,
} from '../support/village';

/** Does something as a screen does, at a tap. */
function perform(page: Page, act: string, fields: object, request: string): Promise<Data> {
  return page.evaluate(
    async ([act, fields, request]) => {
      const { perform } = window as unknown as { perform: Function };
      const done = (await perform(act, fields, request)) as Outcome<{ answer: Data }>;
      if (!done.ok) throw new Error(JSON.stringify(done.fault));
      if (done.value.answer['stored'] !== true) throw new Error(JSON.stringify(done.value.answer));
      return done.value.answer;
    },
    [act, fields, request] as const,
  );
}

const firstNames = 'Ánh Bình Chi Dung Én Giang Hoa Khánh Lan Mai Nga Oanh Phượng Quế Sen'.split(
  ' ',
);
const way =
  'tapped tried called begun turn new judged opening checked put committing complete done answered shown';

class Worker {
  /** Events of what was confirmed. */
  private events = 0;
  /** All that acts came to. */
  readonly steps = new Set<string>();
  people = 0;

  private constructor(
    private readonly given: Village,
    private page: Page,
  ) {}

  static async begin(given: Village): Promise<Worker> {
    const worker = new Worker(given, await enrol(given));
    await worker.knowsItsPeople();
    await worker.page.evaluate(() => navigator.serviceWorker.ready);
    return worker;
  }

  /** One person with a paper and a score; each act is killed at its n-th step. True: none was. */
  async person(at: number): Promise<boolean> {
    const name = `Lò Thị ${firstNames[at % firstNames.length]}`;
    const told = (await registration(this.page, '', name)) as Data;
    const registered = await this.act(at, 'register', told, `${at} register`);
    const ids = registered.answer['events'] as { id: string }[];
    const dossier = ids[ids.length - 2]?.id ?? '';
    const paper = { dossier, kind: 'document_sighted', what: 'Bằng tốt nghiệp' };
    const choices = (await view(this.page, 'choices')) as { evidence: { word: string }[] };
    paper.kind = choices.evidence[0]?.word ?? '';
    const seen = await this.act(at, 'evidence', paper, `${at} evidence`);
    const accepted = await this.act(0, 'accept', { dossier }, `${at} accept`);
    const { columns } = await view(this.page, 'sheet', { dossier });
    const score = (columns as unknown[]).map(() => '8');
    const scored = await this.act(at, 'score', { dossier, score }, `${at} score`);
    this.people += 1;
    return [registered, seen, accepted, scored].every(({ isThrough }) => isThrough);
  }

  async allOfficial(): Promise<void> {
    await official(this.page, this.events);
    const { sum } = await view(this.page, 'totals');
    assert.equal(sum.registered, this.people);
    assert.equal(sum.self_assessed, this.people);
  }

  private async act(
    at: number,
    act: string,
    fields: object,
    request: string,
  ): Promise<{ isThrough: boolean; answer: Data }> {
    const held = new Held(this.given.server, at);
    const doing = perform(this.page, act, fields, request);
    const isThrough = await held.isThrough(doing);
    held.steps.forEach((step) => this.steps.add(step));
    if (!isThrough) {
      const step = `${act} at ${held.steps[at - 1]}`;
      await this.given.browser.kill();
      const confirmed = await doing.catch(() => undefined);
      held.end();
      await this.startsAgain();
      const kept = (await view(this.page, 'home'))['own_events'] - this.events;
      // While the line is open, the server may answer to what was not confirmed yet.
      const isOpen = this.given.server.socketAnswer === 'open';
      if (!isOpen) assert.equal(confirmed, undefined, step);
      if (!isOpen && isBefore(held.steps[at - 1] ?? '')) assert.equal(kept, 0, step);
      if (!isOpen && isBehind(held.steps[at - 1] ?? '')) assert.ok(kept > 0, step);
      if (confirmed !== undefined) assert.equal(kept, confirmed['events'].length, step);
    }
    held.end();
    // The same tap again, or the answer of the first.
    const answer = isThrough ? await doing : await perform(this.page, act, fields, request);
    this.events += (answer['events'] as unknown[]).length;
    assert.equal((await view(this.page, 'home'))['own_events'], this.events, request);
    return { isThrough, answer };
  }

  private async startsAgain(): Promise<void> {
    const { browser, server } = this.given;
    await browser.start();
    this.page = await browser.tab(server.origin);
    await ready(this.page);
    await this.knowsItsPeople();
  }

  private async knowsItsPeople(): Promise<void> {
    await until(
      this.page,
      'people',
      ({ device }) => (device as Data | null)?.['people']?.length === 2,
    );
  }

  async comesBack(): Promise<void> {
    await inStep(this.page);
  }
}

// With the line and without it in turn: then what the server answers is written in between.
village(
  'registered, seen and scored through a kill at every step, all is official, once each',
  async (given) => {
    const { server } = given;
    const worker = await Worker.begin(given);
    for (let at = 1; ; at += 1) {
      const isOpen = at % 2 === 0;
      server.socketAnswer = isOpen ? 'open' : 'refuse';
      server.postAnswer = isOpen ? 'open' : 'refuse';
      server.hangUp();
      if (await worker.person(at)) break;
      assert.ok(at < 40, 'it never came through');
    }
    await given.commune.stop();
    await given.commune.start();
    server.socketAnswer = 'open';
    server.postAnswer = 'open';
    await worker.comesBack();
    await worker.allOfficial();
    for (const step of way.split(' ')) {
      assert.ok(worker.steps.has(step), step);
    }
    await given.commune.enrolDevice();
    const dossiers = await given.commune.device.json<Data[]>('dossiers');
    assert.equal(dossiers.length, worker.people);
  },
  600_000,
);
