// What the module answers, as bindings/page_views.h and page_acts.h have it. Ids are "7.12", days
// "yyyy-mm-dd", times milliseconds since 1970 (0: never), points tenths.

import type { Json } from '../core/workspace';
import type { Photo } from './officer/photo_data';

export interface Role {
  role: string;
  role_name: string;
  unit: string | null;
  unit_name: string;
  ended: boolean;
}
export interface DevicePerson {
  id: string;
  name: string;
  roles: Role[];
}
export interface Device {
  enrolled: boolean;
  locked: boolean;
  /** The public key in hexadecimal digits, where the browser holds the secret half. */
  browser_key?: string;
  label?: string;
  device?: string;
  revoked?: boolean;
  people?: DevicePerson[];
  place?: string | null;
  place_name?: string;
  /** Nobody of the device may record anything here; missing before the log has come. */
  reads_only?: boolean;
}

export type Status = 'device_only' | 'received' | 'official' | 'waiting' | 'refused' | 'unproved';
export interface Progress {
  status: Status;
  why: string;
}

export interface Choice {
  word: string;
  name: string;
}
export interface Choices {
  gender: Choice[];
  group: Choice[];
  basis: Choice[];
  confirmation: Choice[];
  proxy: Choice[];
  evidence: Choice[];
  return_reason: Choice[];
  state: Choice[];
}

export interface Cycle {
  id: string;
  label: string;
  title: string;
  title_name: string;
  registration: [string, string];
  groups: Choice[];
}
/** Rounds in which a person is registered; families, clans and units have rounds of their own. */
export const forPeople = (cycles: readonly Cycle[]): Cycle[] =>
  cycles.filter(({ groups }) => groups.some(({ word }) => word !== 'none'));

export interface Step {
  state: string;
  state_name: string;
  count: number;
}
export interface Home {
  sync: string;
  own_events: number;
  device_only: number;
  received: number;
  official: number;
  waiting: number;
  refused: number;
  unsent_bytes: number;
  /** Taken here, and not at the server yet: how many, bytes of all their files. */
  photos: number;
  photo_bytes: number;
  /** Files that have to be taken again. */
  photos_damaged: number;
  originals: 'always' | 'good-link' | 'asked';
  alarms: number;
  /** There only when it is so: the log is judged by rules that this program does not have. */
  needs_newer_build?: boolean;
  synced_upto: number;
  last_contact: number;
  last_synced: number;
  trouble: string;
  clock_difference: number;
  lease_end: number;
  hidden: boolean;
  place: string | null;
  place_name: string;
  steps: Step[];
  inbox: number;
  cycles: Cycle[];
}

export interface Unit {
  id: string;
  name: string;
  kind: string;
  kind_name: string;
  parent: string | null;
}

/** What a list or a screen shows of a dossier. */
export interface DossierFacts extends Progress {
  dossier: string;
  state: string;
  state_name: string;
  group: string;
  group_name: string;
  cycle: string;
  points: number;
  evidence: number;
  has_sheet: boolean;
  passes: boolean;
  result: string;
}
export interface Person {
  person: string;
  name: string;
  birth: string;
  unit: string | null;
  unit_name: string;
}
/** The dossier is that of the cycle that was asked for; without one there is only the person. */
export type RosterRow = Person & Partial<DossierFacts>;
export interface Roster {
  count: number;
  rows: RosterRow[];
}

export interface Column {
  code: string;
  label: string;
  max: number;
  step: number;
}
export interface Sheet extends DossierFacts {
  name: string;
  criteria: string;
  basis: string;
  columns: Column[];
  /** Empty: nothing was scored yet. */
  scores: number[];
}
export interface Result {
  points: number;
  needed: number;
  missed: string;
  passes: boolean;
}

export type Dossier = Partial<Person> & DossierFacts & { may_lack_history: boolean };
export interface HistoryLine extends Progress {
  id: string;
  kind: string;
  kind_name: string;
  content: string;
  actor_name: string;
  role_name: string;
  device: string;
  by_server: boolean;
  day: string;
  recorded_at: number;
  received_at: number;
  position: number;
  evidence_known: number;
  verdict: string;
}
export interface History {
  lines: HistoryLine[];
}

export interface Item extends Progress {
  id: string;
  kind: string;
  kind_name: string;
  dossier: string | null;
  name: string;
  recorded_at: number;
}
export interface Items {
  count: number;
  rows: Item[];
}

export interface Share {
  num: number;
  den: number;
  den_kind: string;
  unit_basis: string;
  as_of_seq: number;
}
export interface Figures {
  opened: number;
  registered: number;
  self_assessed: number;
  reviewed: number;
  submitted: number;
  appraised: number;
  recognized: number;
  not_recognized: number;
  withdrawn: number;
  recognized_of_registered: Share;
  self_assessed_of_registered: Share;
}
export interface TotalsRow extends Figures {
  commune: string | null;
  commune_name: string;
  title: string;
  title_name: string;
  cycle: string;
  group: string;
  group_name: string;
}
/** Families, clans, communities and units have one group: only the title tells them apart. */
export const groupName = (row: Pick<TotalsRow, 'group' | 'group_name' | 'title_name'>): string =>
  row.group === 'none' ? row.title_name : row.group_name || row.title_name;
export interface Totals {
  position: number;
  unit: string | null;
  unit_name: string;
  sum: Figures;
  rows: TotalsRow[];
}

/** Which view gives what. */
export interface Views {
  device: Device;
  home: Home;
  choices: Choices;
  units: { units: Unit[] };
  roster: Roster;
  sheet: Sheet;
  result: Result;
  dossier: Dossier;
  history: History;
  photos: { photos: Photo[] };
  items: Items;
  totals: Totals;
}

/** What the module says of the line (show_sync). */
export interface Sync {
  state: string;
  own_events?: number;
  accepted?: number;
  received_to?: number;
  log_head?: number;
  events_received?: number;
  synced?: boolean;
  reason?: string;
  moved_to?: string;
  /** Of this connection. */
  files?: {
    idle: boolean;
    held_back: number;
    to_fetch: number;
    sent: number;
    fetched: number;
    bytes_sent: number;
  };
}

export interface Said {
  rule: string;
  text: string;
}
export interface Alike {
  id: string;
  name: string;
  birth: string;
  unit: string;
}
/** What became of an act, or would become of it. */
export interface Answer {
  stored: boolean;
  /** An empty text: the field has to be filled in. */
  problems: { field: string; text: string }[];
  missing: string[];
  alike: Alike[];
  young: boolean;
  refused?: Said;
  waits?: Said;
  events?: { id: string; kind: string; verdict: string }[];
}

export const deviceOf = (given: Json | undefined): Device | null =>
  (given ?? null) as unknown as Device | null;
export const syncOf = (given: Json): Sync | null => given as unknown as Sync | null;
