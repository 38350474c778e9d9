// Takes a picture of every screen, narrow and wide, for people to look at. KHUYENHOC_THEME is light
// (without it), dark or sun.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { day } from './day';
import { Tour } from './tour';

const root = process.env['KHUYENHOC_ROOT'] ?? '.';
const out = process.env['KHUYENHOC_SCREENS'] ?? join(root, 'build/web/screens');
const theme = process.env['KHUYENHOC_THEME'] ?? 'light';
const heightMax = 4000;

day(
  'a picture of every screen, narrow and wide',
  async (given) => {
    mkdirSync(out, { recursive: true });
    const tour = new Tour(given, async (screen, page) => {
      await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        // As high as the whole screen, so that nothing fixed covers it.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.min(Math.max(height, 740), heightMax) });
        await page.waitForTimeout(150);
        await page.screenshot({ path: join(out, `${screen}-${width}.png`) });
      }
      await page.setViewportSize({ width: 360, height: 740 });
    });
    await tour.run();
  },
  300_000,
);
