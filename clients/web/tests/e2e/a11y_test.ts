// Everybody can use the page: by a screen reader, by the keyboard alone, with large text.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { day } from '../screens/day';
import { Officer } from '../screens/officer';
import { Tour } from '../screens/tour';
import { faults } from '../support/axe';

for (const language of ['vi', 'en'] as const) {
  day(
    `axe finds nothing on any screen, in any colours, narrow and wide, in ${language}`,
    async (given) => {
      const { page, origin } = given.officer;
      const found: string[] = [];
      const officer = new Officer(page, origin, language);
      const tour = new Tour({ ...given, officer }, async (screen) => {
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        for (const theme of ['light', 'dark', 'sun']) {
          for (const [width, height] of [
            [360, 740],
            [1280, 800],
          ] as const) {
            await page.setViewportSize({ width, height });
            await page.evaluate(
              (name) => (document.documentElement.dataset['theme'] = name),
              theme,
            );
            const here = await faults(page);
            found.push(...here.map((fault) => `${screen}, ${theme}, ${width}: ${fault}`));
          }
        }
        await page.setViewportSize({ width: 360, height: 740 });
      });
      await tour.run();
      assert.ok(tour.screens.length >= 15, tour.screens.join(' '));
      assert.deepEqual([...new Set(found)], []);
    },
    600_000,
  );
}

day(
  'text at 200 % and on 320 px is cut off nowhere',
  async (given) => {
    const found: string[] = [];
    const tour = new Tour(given, async (screen, page) => {
      for (const [size, width] of [
        ['200', 360],
        ['100', 320],
      ] as const) {
        await page.setViewportSize({ width, height: 740 });
        await page.evaluate((to) => (document.documentElement.dataset['size'] = to), size);
        const wide = await page.evaluate(widerThanPage);
        found.push(...wide.map((what) => `${screen}, ${size} %, ${width}: ${what}`));
      }
      await page.evaluate(() => (document.documentElement.dataset['size'] = '100'));
      await page.setViewportSize({ width: 360, height: 740 });
    });
    await tour.run();
    assert.deepEqual(found, []);
  },
  300_000,
);

/** Runs in the page: what reaches beyond its right edge, or is cut off in its own box. */
function widerThanPage(): string[] {
  const root = document.documentElement;
  const found = root.scrollWidth > root.clientWidth ? [`page: ${root.scrollWidth}`] : [];
  for (const element of document.querySelectorAll<HTMLElement>('main *, nav *, dialog *')) {
    const { right, width } = element.getBoundingClientRect();
    const isHidden = element.closest('.wide, svg, .row, .chip input') !== null;
    if (isHidden || width === 0) continue;
    if (right > root.clientWidth + 1) found.push(`${element.tagName}.${element.className}`);
    const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    const isText = ['BUTTON', 'A', 'SPAN', 'P', 'LABEL', 'H1', 'H2'].includes(element.tagName);
    if (isCut && isText) found.push(`cut: ${element.tagName}.${element.className}`);
  }
  return [...new Set(found)];
}

/** Goes on by Tab until the focus is where it is wanted. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const isThere = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) === true,
      selector,
    );
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${selector}`);
}

day('the keyboard alone registers a person', async ({ commune, officer }) => {
  await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
  const { page } = officer;
  const { keyboard } = page;
  await tabTo(page, 'nav a[href="#/register"]');
  await keyboard.press('Enter');
  await officer.heading('Ghi một người');
  await tabTo(page, 'select[name="group"]');
  await keyboard.press('ArrowDown');
  await tabTo(page, 'select[name="unit"]');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await tabTo(page, 'input[name="name"]');
  await keyboard.type('Lò Thị Ánh');
  await tabTo(page, 'input[name="year"]');
  await keyboard.type('1990');
  await tabTo(page, 'input[type="radio"][value="unspecified"]');
  await keyboard.press('ArrowLeft');
  await tabTo(page, '.checks input');
  await keyboard.press('Space');
  await tabTo(page, 'input[type="radio"][value="subject_present"]');
  await keyboard.press('Space');
  await tabTo(page, 'button[type="submit"]');
  await keyboard.press('Enter');
  await officer.heading('Đã ghi');
  // The next person is one key away as soon as the screen has been painted.
  await page.locator(':focus', { hasText: /^Người tiếp theo$/ }).waitFor();
  await keyboard.press('Enter');
  await officer.heading('Ghi một người');
  await officer.sees(/nông dân.*2026|Nông dân.*2026/);
});
