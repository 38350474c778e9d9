// A founded log with a commune of five hamlets, one cycle, officers and an invitation for a page.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLine, startServer, stopServer, type ServerProcess } from './programs';

const always = '2020-01-01..2099-12-31';
const hamlets = ['Bản Nà Tấu', 'Bản Hồng Lạnh', 'Bản Phiêng Ban', 'Bản Xôm', 'Bản Nà Cái'];
const units = [
  'code,name,kind,parent_code,area,valid_from',
  '11,Tỉnh Điện Biên,province,,unknown,2020-01-01',
  '03316,Xã Nà Tấu,commune,11,rural,2020-01-01',
  ...hamlets.map((name, index) => `-h${index},${name},hamlet,03316,rural,2020-01-01`),
].join('\n');

export class Commune {
  private server: ServerProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'khuyenhoc-commune-'));
  readonly admin = new CommandLine(join(this.folder, 'admin'));
  readonly device = new CommandLine(join(this.folder, 'device'));
  /** Role → the person who holds it. */
  readonly officers = new Map<string, string>();

  /** `options`: of khuyenhoc-server. */
  constructor(private readonly options: readonly string[] = []) {}

  get port(): number {
    return this.server?.port ?? 0;
  }

  async start(): Promise<void> {
    this.server = await startServer(join(this.folder, 'server'), this.port, this.options);
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server !== undefined) await stopServer(server);
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async found(): Promise<void> {
    await this.start();
    const code = readFileSync(join(this.folder, 'server/founding-code'), 'utf8').trim();
    const server = `ws://127.0.0.1:${this.port}`;
    const init = ['init', '--server', server, '--name', 'Nguyễn Thị Minh Khai'];
    await this.admin.json(
      ...init,
      '--origin',
      'titles.example/page',
      ...this.secret('founding-code', code),
    );
    await this.admin.json('sync');
    const file = join(this.folder, 'units.csv');
    writeFileSync(file, `${units}\n`);
    await this.admin.json('unit-import', file, '--basis', 'NQ 1661');
    await this.publish();
    for (const [kind, name] of [
      ['association', 'Hội Khuyến học xã Nà Tấu'],
      ['committee', 'UBND xã Nà Tấu'],
    ] as const) {
      const words = ['--kind', kind, '--unit', '03316', '--name', name, '--from', '2020-01-01'];
      await this.admin.record('organisation', ...words);
    }
    await this.appoint('proxy_entrant', 'Lò Văn Cán');
    await this.appoint('branch_head', 'Quàng Thị Hoa');
    await this.appoint('commune_assoc_chair', 'Cà Văn Pánh');
    await this.admin.json('sync');
  }

  /** A code for a device on which these roles work. */
  async invite(...roles: string[]): Promise<string> {
    const people = roles.flatMap((role) => ['--person', this.officers.get(role) ?? '']);
    const { code } = await this.admin.json<{ code: string }>('invite', ...people);
    await this.admin.json('sync');
    return code;
  }

  /** Another device of the same commune, by the command line. */
  async enrolDevice(): Promise<void> {
    const code = await this.invite('proxy_entrant', 'branch_head', 'commune_assoc_chair');
    const server = ['--server', `ws://127.0.0.1:${this.port}`, '--label', 'Máy xã'];
    await this.device.json('enrol', ...server, ...this.secret('code', code));
    await this.device.json('sync');
  }

  /** Registers somebody on the other device, which then sends it. */
  async registerElsewhere(name: string): Promise<void> {
    const said = ['--consent', 'assess', '--confirmed-by', 'subject_present', '--gender', 'female'];
    const what = ['--cycle', '2026', '--group', 'farmer_rural', '--hamlet', 'Bản Nà Tấu'];
    const actor = ['--actor', this.officers.get('proxy_entrant') ?? ''];
    await this.device.record(
      'register',
      ...said,
      ...what,
      ...actor,
      '--name',
      name,
      '--birth',
      '1990',
    );
    await this.device.json('sync');
  }

  /** The other device sends the only dossier of the log back. */
  async returnElsewhere(reason: string): Promise<void> {
    await this.device.json('sync');
    const [first] = await this.device.json<{ id: string }[]>('dossiers');
    const actor = ['--actor', this.officers.get('branch_head') ?? ''];
    const to = ['--reason', reason, '--to', 'đã đăng ký', '--note', 'chưa có giấy'];
    await this.device.record('return', first?.id ?? '', ...to, ...actor);
    await this.device.json('sync');
  }

  private async publish(): Promise<void> {
    const root = process.env['KHUYENHOC_ROOT'] ?? '.';
    const set = join(root, 'projections/criteria/sets/cdht-324-2022.json');
    await this.admin.record('criteria-publish', set);
    const phases = ['registration', 'self-assessment', 'review', 'appraisal', 'decision'];
    const days = phases.flatMap((phase) => [`--${phase}`, always]);
    await this.admin.record(
      ...'cycle-open --title learning_citizen --criteria CDHT-324-2022 --label 2026'.split(' '),
      ...days,
      ...'--reference-day 2026-12-31 --kind annual --grace-days 7'.split(' '),
      ...'--late-policy accept_if_declared_in_time --deadline-basis declared'.split(' '),
    );
  }

  async appoint(role: string, name: string, unit = '03316'): Promise<void> {
    const who = ['--name', name, '--birth', '1980', '--unit', unit];
    const person = await this.admin.record('officer', ...who);
    const until = ['--unit', unit, '--from', '2020-01-01', '--basis', 'QĐ 05'];
    await this.admin.record('grant', '--person', person, '--role', role, ...until);
    this.officers.set(role, person);
  }

  private secret(name: string, value: string): string[] {
    const file = join(this.folder, `${name}.txt`);
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    return [`--${name}-file`, file];
  }
}
