// What each scene has: the built page served, and a browser with a profile of its own.

import { join } from 'node:path';
import { test } from 'node:test';
import { Browser } from './browser';
import { SiteServer } from './site_server';

export const site = (name: 'a' | 'b' | 'real'): string =>
  join(process.env['KHUYENHOC_SITES'] ?? '.', name);

export interface Scene {
  server: SiteServer;
  browser: Browser;
}

/** A test with both, which ends them whatever happens. */
export function scene(name: string, play: (scene: Scene) => Promise<void>, time = 120_000): void {
  test(name, { timeout: time }, async () => {
    const server = new SiteServer(site('a'));
    await server.start();
    const browser = await Browser.open();
    try {
      await play({ server, browser });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}
