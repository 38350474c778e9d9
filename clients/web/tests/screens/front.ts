// Serves a built page and passes everything else on to a khuyenhoc-server, as one origin.

import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

interface Asset {
  name: string;
  type: string;
  immutable: boolean;
}

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'";

export interface Front {
  origin: string;
  stop(): Promise<void>;
}

/** `port`: of the server; it may change while the front stands. */
export async function startFront(site: string, port: () => number, own = 0): Promise<Front> {
  const lines = new Set<Socket>();
  const server = createServer((asked, response) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://localhost');
    if (/^\/(s|v1)(\/|$)/.test(pathname)) passOn(asked, response, port());
    else serve(site, pathname === '/' ? 'index.html' : pathname.slice(1), asked, response);
  });
  server.on('connection', (line) => {
    lines.add(line);
    line.on('close', () => lines.delete(line));
  });
  server.on('upgrade', (asked, line, head) => upgrade(asked, line as Socket, head, port()));
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const line of lines) line.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(site: string, name: string, asked: IncomingMessage, response: ServerResponse): void {
  const { assets } = JSON.parse(readFileSync(join(site, 'assets.json'), 'utf8')) as {
    assets: Asset[];
  };
  const asset = assets.find((each) => each.name === name);
  if (asset === undefined) return void response.writeHead(404).end();
  const packed = (asked.headers['accept-encoding'] ?? '').includes('br');
  response.writeHead(200, {
    'Content-Type': asset.type,
    'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Vary': 'Accept-Encoding',
    'Content-Security-Policy': policy,
    ...(packed ? { 'Content-Encoding': 'br' } : {}),
  });
  response.end(readFileSync(join(site, packed ? `${name}.br` : name)));
}

function passOn(asked: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, headers, url } = asked;
  const passed = request(
    { host: '127.0.0.1', port, method: method ?? 'GET', path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on('error', () => response.writeHead(502).end());
  asked.pipe(passed);
}

function upgrade(asked: IncomingMessage, line: Socket, head: Buffer, port: number): void {
  const server = connect(port, '127.0.0.1');
  const names = asked.rawHeaders;
  let text = `${asked.method} ${asked.url} HTTP/1.1\r\n`;
  for (let at = 0; at < names.length; at += 2) text += `${names[at]}: ${names[at + 1]}\r\n`;
  server.write(`${text}\r\n`);
  if (head.length > 0) server.write(head);
  server.pipe(line).pipe(server);
  for (const end of [server, line]) {
    end.on('error', () => undefined);
    end.on('close', () => {
      server.destroy();
      line.destroy();
    });
  }
}
