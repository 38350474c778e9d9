// A commune, the built page in front of it as one origin, and an officer with a browser.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Browser } from '../support/browser';
import { SiteServer } from '../support/site_server';
import { Commune } from './commune';
import { Officer } from './officer';

const root = process.env['KHUYENHOC_ROOT'] ?? '.';
const bin = process.env['KHUYENHOC_BIN'] ?? join(root, 'build/release/bin');
export const site = process.env['KHUYENHOC_SITE'] ?? join(root, 'build/web/site');
export const missing = [join(bin, 'khuyenhoc-server'), join(site, 'assets.json')].find(
  (path) => !existsSync(path),
);

export interface Day {
  commune: Commune;
  server: SiteServer;
  browser: Browser;
  officer: Officer;
}

/** A test with all of it, which ends it whatever happens. */
export function day(name: string, play: (day: Day) => Promise<void>, time = 180_000): void {
  const skip = missing === undefined ? false : `${missing} is not built`;
  test(name, { timeout: time, skip }, async () => {
    const commune = new Commune();
    const server = new SiteServer(site);
    let browser: Browser | undefined;
    try {
      await commune.found();
      server.behind = () => commune.port;
      await server.start();
      browser = await Browser.open();
      const page = await browser.running().newPage();
      await play({ commune, server, browser, officer: new Officer(page, server.origin) });
    } finally {
      await browser?.close();
      await server.stop();
      await commune.end();
    }
  });
}
