// The programs of the repository, run as a person runs them, on folders of a test's own.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = process.env['KHUYENHOC_ROOT'] ?? '.';
const bin = process.env['KHUYENHOC_BIN'] ?? join(root, 'build/release/bin');
const run = promisify(execFile);

export interface ServerProcess {
  process: ChildProcess;
  port: number;
}

/** Starts a server on `data`; its port is the one given, or a free one. */
export function startServer(
  data: string,
  port = 0,
  more: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(
    join(bin, 'khuyenhoc-server'),
    ['--data', data, '--listen', `127.0.0.1:${port}`, ...more],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
      const listens = / listening .* port=(\d+)/.exec(said);
      if (listens !== null) resolve({ process: child, port: Number(listens[1]) });
    });
    child.on('exit', (code) => reject(new Error(`the server ended (${code}): ${said}`)));
  });
}

export function stopServer({ process }: ServerProcess): Promise<void> {
  return new Promise((resolve) => {
    if (process.exitCode !== null) return resolve();
    process.once('exit', () => resolve());
    process.kill('SIGTERM');
  });
}

/** Starts a bad line to a server of this machine; `profile` as khuyenhoc-link --help says. */
export function startLine(to: number, profile = '', port = 0): Promise<ServerProcess> {
  const file = join(mkdtempSync(join(tmpdir(), 'khuyenhoc-line-')), 'profile');
  writeFileSync(file, profile);
  const how = profile === '' ? [] : ['--profile', file];
  const child = spawn(
    join(bin, 'khuyenhoc-link'),
    ['--to', String(to), '--listen', String(port), ...how],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child.on('exit', () => rmSync(dirname(file), { recursive: true, force: true }));
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (said: Buffer) => {
      resolve({ process: child, port: Number(/:(\d+) ->/.exec(said.toString())?.[1]) });
    });
    child.on('error', reject);
  });
}

/** One device that works by the command line. */
export class CommandLine {
  constructor(private readonly home: string) {}

  async json<T>(...words: string[]): Promise<T> {
    const all = ['--home', this.home, ...words, '--json'];
    const { stdout } = await run(join(bin, 'khuyenhoc'), all, { timeout: 60_000 });
    return JSON.parse(stdout) as T;
  }

  /** Records something, and gives the id of its first event. */
  async record(...words: string[]): Promise<string> {
    const { events } = await this.json<{ events: { id: string }[] }>(...words);
    return events[0]?.id ?? '';
  }
}
