// The real module in a real browser, and a real khuyenhoc-server with a commune behind the page.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Outcome } from '../../core/fault';
import type { Json } from '../../core/workspace';
import { Commune } from '../screens/commune';
import { ask, Browser, pause, ready, until } from './browser';
import { site } from './scene';
import { SiteServer } from './site_server';

export type Data = { [name: string]: any };
const bin =
  process.env['KHUYENHOC_BIN'] ?? join(process.env['KHUYENHOC_ROOT'] ?? '.', 'build/release/bin');
const missing = [join(bin, 'khuyenhoc-server'), join(site('real'), 'assets.json')].find(
  (path) => !existsSync(path),
);

export interface Village {
  commune: Commune;
  server: SiteServer;
  browser: Browser;
}

export function village(
  name: string,
  play: (village: Village) => Promise<void>,
  time = 240_000,
): void {
  const skip = missing === undefined ? false : `${missing} is not built`;
  test(name, { timeout: time, skip }, async () => {
    const commune = new Commune();
    const server = new SiteServer(site('real'));
    const browser = await Browser.open();
    try {
      await commune.found();
      server.behind = () => commune.port;
      await server.start();
      await play({ commune, server, browser });
    } finally {
      await browser.close();
      await server.stop();
      await commune.end();
    }
  });
}

export async function view(page: Page, name: string, fields: object = {}): Promise<Data> {
  const seen = (await ask(page, 'view', name, fields)) as Outcome<Json>;
  if (!seen.ok) throw new Error(`${name}: ${JSON.stringify(seen.fault)}`);
  return seen.value as Data;
}

/** Enrols the browser as a device of two people, who can do an officer's whole day. */
export async function enrol({ commune, browser, server }: Village): Promise<Page> {
  const page = await browser.tab(server.origin);
  await ready(page);
  const code = await commune.invite('proxy_entrant', 'branch_head');
  const enrolled = await ask(page, 'enrol', code, 'Máy của Cán');
  if (!enrolled.ok) throw new Error(JSON.stringify(enrolled));
  await inStep(page);
  return page;
}

export const inStep = (page: Page): Promise<unknown> =>
  until(page, 'in step', ({ link }) => (link.sync as Data | null)?.['synced'] === true, 60_000);

/** What is said when somebody is registered. */
export async function registration(page: Page, actor: string, name: string): Promise<object> {
  const { units } = await view(page, 'units');
  const { cycles } = await view(page, 'home');
  const hamlet = units.find((each: Data) => each['kind'] === 'hamlet');
  return {
    actor,
    name,
    birth: '1990',
    gender: 'female',
    unit: hamlet.id,
    cycle: cycles[0].id,
    group: 'farmer_rural',
    consent: 'assess',
    basis: 'consent',
    confirmation: 'subject_present',
    new: 1,
  };
}

/** Registers somebody; the name is also the request. */
export async function register(page: Page, actor: string, name: string): Promise<Outcome<Json>> {
  const fields = await registration(page, actor, name);
  return ask(page, 'act', 'register', fields, { request: name });
}

export const saved = (outcome: Outcome<Json>): boolean =>
  outcome.ok && (outcome.value as Data)['stored'] === true;

/** Of somebody who is registered: the person, the consent and the dossier. */
export const eventsOfOne = 3;

/** Waits until exactly so many events of this device exist, and all of them are official. */
export async function official(page: Page, events: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(200)) {
    const home = await view(page, 'home');
    if (home['official'] === events && home['own_events'] === events) return;
  }
  throw new Error(`${events} are not official: ${JSON.stringify(await view(page, 'home'))}`);
}
