// From what was typed to the fields of the act, and back to what the rules say of each.

import type { Fields } from '../../core/bytes';
import type { Alike, Answer } from '../data';
import { writtenDate } from '../parts/date_field';
import type { PersonDraft } from './kept';

interface Chosen {
  unit: string;
  cycle: string;
  group: string;
}

const given = (value: string): string | undefined => (value === '' ? undefined : value);

/** Nothing is added to what was said: what was left open is not there. */
export function registrationOf(draft: PersonDraft, { unit, cycle, group }: Chosen): Fields {
  const isKnown = draft.person !== '';
  const own = (value: string) => (isKnown ? undefined : given(value));
  return {
    person: given(draft.person),
    name: own(draft.name),
    birth: own(writtenDate(draft.birth)),
    gender: own(draft.gender),
    id_number: own(draft.idNumber),
    phone: own(draft.phone),
    unit: own(unit),
    cycle: given(cycle),
    group: given(group),
    consent: draft.consent,
    basis: given(draft.basis),
    confirmation: given(draft.confirmation),
    proxy: given(draft.proxy),
    proxy_by: given(draft.proxyBy),
    paper_form: given(draft.paperForm),
    witness: given(draft.witness),
    place: given(draft.place),
    day: given(isoDay(draft)),
    new: draft.isNew ? true : undefined,
    young: draft.isYoung ? true : undefined,
  };
}

/** The day on the paper; '' for today. */
const isoDay = (draft: PersonDraft): string => writtenDate(draft.paperDay);

/** What the rules say of a field: undefined when nothing; '' when it is missing and was asked for. */
export type Told = (field: string, isEmpty: boolean) => string | undefined;

/** Rules about what one field says: once it is asked for, their verdict stands there, too. */
const fieldOf: Partial<Record<string, string>> = { V02: 'birth' };

/** `isAsked`: somebody has tried to save, so that what is missing is told, too. */
export function toldBy(answer: Answer | undefined, isAsked: boolean): Told {
  return (field, isEmpty) => {
    const refused = answer?.refused;
    if (isAsked && refused !== undefined && fieldOf[refused.rule] === field) return refused.text;
    const problem = answer?.problems.find((each) => each.field === field);
    const isMissing = answer?.missing.includes(field) === true || problem?.text === '';
    if (isMissing || (isEmpty && problem !== undefined)) return isAsked ? '' : undefined;
    return problem?.text;
  };
}

/** Those who may be the same person, once there is a name to compare. */
export const alikeIn = ({ alike, problems }: Answer): Alike[] =>
  problems.some(({ field }) => field === 'name') ? [] : alike;

/** Whether nothing stands in the way of saving it. */
export function isReady(answer: Answer | undefined, draft: PersonDraft): boolean {
  if (answer === undefined) return false;
  const isAlikeOpen = alikeIn(answer).length > 0 && !draft.isNew;
  const isYoungOpen = answer.young && !draft.isYoung;
  return (
    answer.problems.length === 0 &&
    answer.missing.length === 0 &&
    answer.refused === undefined &&
    !isAlikeOpen &&
    !isYoungOpen
  );
}

/** A registration ends with two events: the dossier is opened, which gives it its id, and registered. */
export const dossierIn = ({ events = [] }: Answer): string => events[events.length - 2]?.id ?? '';
