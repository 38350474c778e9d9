// A page's device without a browser: the module under node, frames by HTTP. It fills a log faster
// than a browser, which writes each act to the disk.

import { encodeFields, type Bytes, type Fields } from '../../core/bytes';
import { loadInNode } from '../support/module_in_node';

type Json = { [name: string]: any };

export class Peer {
  /** Frames or a file of the last call. */
  private bytes: Bytes = new Uint8Array(0);

  private constructor(
    private readonly module: EmscriptenModule,
    private readonly url: string,
  ) {}

  /** `folder`: where officer.mjs lies; `port`: of the server. */
  static async open(folder: string, port: number): Promise<Peer> {
    const module = await loadInNode(folder);
    const peer = new Peer(module, `http://127.0.0.1:${port}/s/x`);
    peer.call('open');
    peer.call('unlock', { master: crypto.getRandomValues(new Uint8Array(32)) });
    return peer;
  }

  call(name: string, fields: Fields = {}): Json {
    const number = this.lay(new TextEncoder().encode(`${name}\0`), (at) =>
      this.module._kh_find(at),
    );
    const input = encodeFields({ now: Date.now(), ...fields });
    const at = this.lay(input, (at) => this.module._kh_call(number, at, input.length)) >>> 2;
    const words = new Uint32Array(this.module.HEAPU8.buffer);
    const part = (index: number): Bytes => {
      const begin = words[at + index] as number;
      return this.module.HEAPU8.slice(begin, begin + (words[at + index + 1] as number));
    };
    const text = new TextDecoder().decode(part(1));
    if (words[at] !== 0) throw new Error(`${name}: ${text}`);
    this.bytes = part(3);
    return JSON.parse(text) as Json;
  }

  async enrol(code: string, label: string): Promise<void> {
    this.call('enrol_ask', { code, label });
    this.call('enrol_answer', { frames: await this.exchange() });
    await this.sync();
  }

  /** Until both sides know everything. */
  async sync(): Promise<void> {
    for (let round = 0; round < 2_000; round += 1) {
      this.call('greet', { live: 0, http: 1 });
      const state = this.call('frames', { frames: await this.exchange() });
      this.call('hang_up');
      if (state['synced'] === true && round > 0) return;
    }
    throw new Error('the peer and the server do not come together');
  }

  private lay<T>(bytes: Bytes, use: (at: number) => T): T {
    const at = this.module._malloc(Math.max(bytes.length, 1));
    this.module.HEAPU8.set(bytes, at);
    const result = use(at);
    this.module._free(at);
    return result;
  }

  private async exchange(): Promise<Bytes> {
    const answer = await fetch(this.url, {
      method: 'POST',
      body: this.bytes,
      headers: { 'Content-Type': 'application/vnd.khuyenhoc.cs1' },
    });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}: ${await answer.text()}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}
