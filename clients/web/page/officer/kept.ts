// What stays from one entry to the next, in the memory of this tab. Names are private: they are
// never put into the browser's storage.

import { signal } from '@preact/signals';
import { noDate, type DateParts } from '../parts/date_field';

export interface PersonDraft {
  /** Somebody whom the log has already; then the other fields of the person do not count. */
  person: string;
  personName: string;
  name: string;
  birth: DateParts;
  gender: string;
  idNumber: string;
  phone: string;
  consent: string[];
  basis: string;
  confirmation: string;
  proxy: string;
  proxyBy: string;
  paperForm: string;
  witness: string;
  place: string;
  paperDay: DateParts;
  /** Said by the officer: somebody else than those who are alike; younger than 15 indeed. */
  isNew: boolean;
  isYoung: boolean;
}

export const emptyDraft: PersonDraft = {
  person: '',
  personName: '',
  name: '',
  birth: noDate,
  gender: '',
  idNumber: '',
  phone: '',
  consent: [],
  basis: '',
  confirmation: '',
  proxy: '',
  proxyBy: '',
  paperForm: '',
  witness: '',
  place: '',
  paperDay: noDate,
  isNew: false,
  isYoung: false,
};

export const draft = signal<PersonDraft>(emptyDraft);

/** Hamlet, cycle and group are the same for many people one after another. */
export const lastChosen = signal({ unit: '', cycle: '', group: '' });

/** Names of people whom a list led here: never in an address, which the browser keeps. */
export const knownNames = new Map<string, string>();

export const hasDraft = (given: PersonDraft): boolean =>
  JSON.stringify({ ...given, person: '', personName: '' }) !== JSON.stringify(emptyDraft);

export function change(part: Partial<PersonDraft>): void {
  draft.value = { ...draft.value, ...part };
}
