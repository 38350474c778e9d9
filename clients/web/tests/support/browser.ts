// A real Chromium with a profile on the disk, ended only by those who started it.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { Outcome } from '../../core/fault';
import type { Json, State, Workspace } from '../../core/workspace';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export class Browser {
  private context: BrowserContext | undefined;

  private constructor(readonly profile: string) {}

  /** With a profile of its own, empty or a copy of `from`, which must be closed. */
  static async open(from?: Browser): Promise<Browser> {
    const browser = new Browser(mkdtempSync(join(tmpdir(), 'khuyenhoc-web-')));
    if (from !== undefined) cpSync(from.profile, browser.profile, { recursive: true });
    await browser.start();
    return browser;
  }

  async start(): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      headless: true,
      viewport: { width: 360, height: 740 },
      // Nothing but the loopback: no updates, no telemetry, no look-ups.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    });
    this.context.setDefaultTimeout(15_000);
  }

  async tab(url: string): Promise<Page> {
    const page = await this.running().newPage();
    await page.goto(url);
    return page;
  }

  pages(): Page[] {
    return this.running().pages();
  }

  running(): BrowserContext {
    if (this.context === undefined) throw new Error('the browser is not running');
    return this.context;
  }

  /** As when the power goes: no process of it has time for anything. */
  async kill(): Promise<void> {
    const main = processesOf(this.profile);
    for (const pid of main) killHard(pid);
    await this.context?.close().catch(() => undefined);
    this.context = undefined;
  }

  /** As a person ends it; the profile stays. */
  async leave(): Promise<void> {
    await this.context?.close().catch(() => undefined);
    this.context = undefined;
  }

  async close(): Promise<void> {
    await this.leave();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The processes that this test started: they name its own profile, or descend from one that does. */
export function processesOf(profile: string): number[] {
  const parents = new Map<number, number>();
  const own = new Set<number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(profile)) own.add(pid);
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (own.has(parent) && !own.has(pid)) {
        own.add(pid);
        grown = true;
      }
    }
  }
  return [...own];
}

/** Calls the workspace of a tab as its screens do. */
export function ask<M extends keyof Workspace>(
  page: Page,
  method: M,
  ...args: unknown[]
): Promise<Awaited<ReturnType<Workspace[M]>>> {
  return page.evaluate(
    ([name, given]) => {
      const { workspace } = window as unknown as { workspace: Record<string, Function> };
      return workspace[name as string]?.(...(given as unknown[]));
    },
    [method, args] as const,
  ) as Promise<Awaited<ReturnType<Workspace[M]>>>;
}

/** What a tab shows. */
export function shown(page: Page): Promise<State | null> {
  return page.evaluate(
    () => (window as unknown as { shown: { value: State | null } }).shown?.value ?? null,
  );
}

/** Waits until a tab shows what is wanted; fails with what it shows instead. */
export async function until(
  page: Page,
  what: string,
  wanted: (state: State) => boolean,
  time = 15_000,
): Promise<State> {
  const end = Date.now() + time;
  for (;;) {
    const state = await shown(page).catch(() => null);
    if (state !== null && wanted(state)) return state;
    if (Date.now() > end) throw new Error(`not in time: ${what}; shown: ${JSON.stringify(state)}`);
    await pause(50);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

/** The module is there and unlocked. */
export const ready = (page: Page): Promise<State> =>
  until(page, 'ready', (state) => state.device !== null && state.loading === null);

export const note = (page: Page, text: string, more: object = {}): Promise<Outcome<Json>> =>
  ask(page, 'act', 'note', { text, ...more }, { request: text });

/** The texts that the module has, in their order. */
export async function notes(page: Page): Promise<string[]> {
  const seen = (await ask(page, 'view', 'notes')) as Outcome<{ texts: string }>;
  if (!seen.ok) throw new Error(JSON.stringify(seen.fault));
  return seen.value.texts.split('|').filter((text) => text !== '');
}
