// Passes what concerns the protocol on to a khuyenhoc-server, so that it and the page are one origin.

import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';

export function passRequest(asked: IncomingMessage, response: ServerResponse, port: number): void {
  const { method = 'GET', headers, url } = asked;
  const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  asked.pipe(passed);
}

export function passUpgrade(asked: IncomingMessage, line: Socket, port: number): void {
  const server = connect(port, '127.0.0.1');
  const names = asked.rawHeaders;
  let text = `${asked.method} ${asked.url} HTTP/1.1\r\n`;
  for (let at = 0; at < names.length; at += 2) text += `${names[at]}: ${names[at + 1]}\r\n`;
  server.write(`${text}\r\n`);
  server.pipe(line).pipe(server);
  for (const [end, other] of [
    [server, line],
    [line, server],
  ] as const) {
    end.on('error', () => undefined);
    end.on('close', () => other.destroy());
  }
}
