// What no page of this browser can be faster than: one field whose text goes through a worker and back under it.

import type { BrowserContext, Page } from 'playwright-core';

const origin = 'http://localhost:9';
const page = `<!doctype html><meta name="viewport" content="width=device-width">
<label>Năm <input name="year" value="1990"></label><p></p><script>
const worker = new Worker('/worker.js');
worker.onmessage = ({ data }) => { document.querySelector('p').firstChild.data = data; };
document.querySelector('p').append('1990');
document.querySelector('input').oninput = ({ target }) => worker.postMessage(target.value);
</script>`;
const worker = 'onmessage = ({ data }) => postMessage(data);';

/** Such a page, of no server. */
export async function openFloor(context: BrowserContext): Promise<Page> {
  const floor = await context.newPage();
  await floor.route(`${origin}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: worker })
      : route.fulfill({ contentType: 'text/html; charset=utf-8', body: page }),
  );
  await floor.goto(`${origin}/`);
  return floor;
}
