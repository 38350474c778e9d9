// A small server for tests: the built page as khuyenhoc-server sends it, a peer for the test module
// on /s and /s/x, and faults on the way. It listens on the loopback address only.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { passRequest, passUpgrade } from './pass_on';
import { openSocket, type SocketPeer } from './socket_peer';

interface Asset {
  name: string;
  type: string;
  immutable: boolean;
  sha256: string;
}

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'";
const framesType = 'application/vnd.khuyenhoc.cs1';

export class SiteServer {
  /** What was asked for: path, and the Range if there was one. */
  readonly requests: { path: string; range: string | undefined }[] = [];
  /** What the devices pushed: the highest number. */
  received = 0;
  /** Greetings since the start. */
  greetings = 0;
  /** How an upgrade is answered, and a POST /s/x. */
  socketAnswer: 'open' | 'refuse' | 'dumb' = 'open';
  postAnswer: 'open' | 'refuse' | 'login' = 'open';
  posts = 0;
  /** The steps of writing that a page has come to; what this gives is waited for. */
  onStep: (name: string) => Promise<void> = async () => undefined;
  /** Sends so many bytes of a path that begins like this, then cuts the line; once. */
  private cut: { path: string; bytes: number } | undefined;
  /** What is asked for waits until this is done. */
  beforeAsset: (name: string) => Promise<void> = async () => undefined;
  /** The port of a khuyenhoc-server that answers on /s and /s/x instead; 0: this peer does. */
  behind: () => number = () => 0;
  private server: Server | undefined;
  private port = 0;
  private readonly lines = new Set<Socket>();
  private readonly peers = new Set<SocketPeer>();

  constructor(private site: string) {}

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    server.on('connection', (line) => {
      this.lines.add(line);
      // A killed browser resets its lines, also one whose upgrade was just refused.
      line.on('error', () => undefined);
      line.on('close', () => this.lines.delete(line));
    });
    server.on('upgrade', (request, line) => this.upgrade(request, line as Socket));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Nobody answers any more; open lines are cut. The port stays ours for start(). */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const line of this.lines) line.destroy();
    this.peers.clear();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Open lines are cut; whoever comes again is answered. */
  hangUp(): void {
    for (const line of this.lines) line.destroy();
  }

  serve(site: string): void {
    this.site = site;
  }

  cutOnce(path: string, bytes: number): void {
    this.cut = { path, bytes };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    this.requests.push({ path: pathname, range: request.headers.range });
    if (pathname.startsWith('/step/')) {
      await this.onStep(pathname.slice('/step/'.length));
      response.writeHead(204).end();
    } else if (pathname === '/s/x') {
      await this.post(request, response);
    } else {
      const name = pathname === '/' ? 'index.html' : pathname.slice(1);
      await this.beforeAsset(name);
      this.asset(name, request, response);
    }
  }

  private asset(name: string, request: IncomingMessage, response: ServerResponse): void {
    const { assets } = JSON.parse(readFileSync(join(this.site, 'assets.json'), 'utf8')) as {
      assets: Asset[];
    };
    const asset = assets.find((each) => each.name === name);
    if (asset === undefined) return void response.writeHead(404).end();
    const packed = (request.headers['accept-encoding'] ?? '').includes('br');
    const bytes = readFileSync(join(this.site, packed ? `${name}.br` : name));
    const tag = `"${asset.sha256.slice(0, 32)}${packed ? '-br' : ''}"`;
    const headers: Record<string, string> = {
      'Content-Type': asset.type,
      'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Vary': 'Accept-Encoding',
      'ETag': tag,
      'Accept-Ranges': 'bytes',
      'Content-Security-Policy': policy,
    };
    if (packed) headers['Content-Encoding'] = 'br';
    if (request.headers['if-none-match'] === tag) {
      return void response.writeHead(304, headers).end();
    }
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const fits = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    const from = range !== null && fits ? Number(range[1]) : 0;
    headers['Content-Length'] = String(bytes.length - from);
    if (from > 0) headers['Content-Range'] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(from > 0 ? 206 : 200, headers);
    const { cut } = this;
    if (cut === undefined || !name.startsWith(cut.path)) {
      return void response.end(bytes.subarray(from));
    }
    this.cut = undefined;
    response.write(bytes.subarray(from, from + cut.bytes), () => {
      setTimeout(() => response.socket?.destroy(), 200);
    });
  }

  private upgrade(request: IncomingMessage, line: Socket): void {
    if (this.socketAnswer === 'refuse') {
      line.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    if (this.behind() !== 0) return passUpgrade(request, line, this.behind());
    const key = String(request.headers['sec-websocket-key']);
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    line.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept.digest('base64')}\r\nSec-WebSocket-Protocol: cs1\r\n\r\n`,
    );
    const peer = openSocket(line, (frames) => {
      if (this.socketAnswer === 'dumb') return;
      peer.send(this.reply(frames));
    });
    this.peers.add(peer);
    line.on('close', () => this.peers.delete(peer));
  }

  private async post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.posts += 1;
    if (this.postAnswer === 'refuse') return void response.writeHead(503).end();
    if (this.postAnswer === 'login') {
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>WiFi</h1>');
    }
    if (this.behind() !== 0) return passRequest(request, response, this.behind());
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.writeHead(200, { 'Content-Type': framesType });
    response.end(this.reply(Buffer.concat(parts)));
  }

  /** The peer of test_module.c. */
  private reply(frames: Buffer): Buffer {
    const said = frames.toString();
    if (said.startsWith('E')) return Buffer.from(said === 'Eright' ? 'enrolled' : 'refused');
    if (said.startsWith('G')) this.greetings += 1;
    if (said.startsWith('P')) this.received = Math.max(this.received, Number(said.slice(1)));
    return Buffer.from(`A${this.received}`);
  }
}
