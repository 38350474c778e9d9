// How screens ask the worker: views that follow what is stored, and acts.

import { effect, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Fields } from '../core/bytes';
import { good, type Fault, type Outcome } from '../core/fault';
import { step } from '../core/steps';
import { deviceOf, type Answer, type Device, type DevicePerson, type Views } from './data';
import { state, workspace } from './device/workspace';
import { isComposing } from './parts/composition';

export interface Seen<T> {
  /** What was seen last; it stays while it is asked for anew. */
  data: T | null;
  fault: Fault | null;
}

export async function ask<N extends keyof Views>(
  view: N,
  fields: Fields = {},
): Promise<Outcome<Views[N]>> {
  return (await workspace.view(view, fields)) as Outcome<Views[N]>;
}

/** A first synchronisation stores hundreds of times a minute: views follow as fast as people read. */
const settleTime = 150;
export const revision = signal(0);
let settling = false;
effect(() => {
  const next = state.value?.revision ?? 0;
  if (settling || next === revision.peek()) return;
  settling = true;
  setTimeout(() => {
    settling = false;
    revision.value = state.peek()?.revision ?? 0;
  }, settleTime);
});

/** An answer that says the same again is the one before: nothing is drawn anew for it. */
function useSame<T>(): (seen: T) => T {
  const last = useRef<{ text: string; seen: T } | null>(null);
  return (seen) => {
    const text = JSON.stringify(seen);
    if (last.current?.text !== text) last.current = { text, seen };
    return last.current.seen;
  };
}

/** The view, asked for anew whenever something was stored. null: not yet. */
export function useView<N extends keyof Views>(
  view: N,
  fields: Fields | null = {},
): Seen<Views[N]> {
  const [seen, setSeen] = useState<Seen<Views[N]>>({ data: null, fault: null });
  const wanted = fields === null ? null : JSON.stringify([view, fields]);
  const same = useSame<Seen<Views[N]>>();
  const shownFor = useRef<string | null>(null);
  const current = useRef<string | null>(null);
  current.current = wanted;
  const now = revision.value;
  useEffect(() => {
    if (fields === null) return;
    void ask(view, fields).then((outcome) => {
      if (current.current !== wanted) return;
      const isOther = shownFor.current !== wanted;
      shownFor.current = wanted;
      setSeen((before) =>
        same(
          outcome.ok
            ? { data: outcome.value, fault: null }
            : { data: isOther ? null : before.data, fault: outcome.fault },
        ),
      );
    });
  }, [wanted, now]);
  useEffect(
    () => () => {
      current.current = null;
    },
    [],
  );
  return seen;
}

/** The device as the log knows it by now; what the worker told at the start may lack the names. */
const knownDevice = signal<Device | null>(null);
export const thisDevice = (): Device | null => knownDevice.value ?? deviceOf(state.value?.device);

/** Keeps it up to date; once, in the frame of the page. */
export function useThisDevice(): void {
  const isOpen = deviceOf(state.value?.device)?.enrolled === true;
  const { data } = useView('device', isOpen ? {} : null);
  useEffect(() => {
    knownDevice.value = data;
  }, [data]);
}

export const devicePeople = (): DevicePerson[] => thisDevice()?.people ?? [];

/** Who acts, where a person has said so; '' lets the rules find somebody who may. */
export const chosenActor = signal('');

export interface Judged {
  answer: Answer;
  /** In whose name; undefined where the device has one person. */
  actor: string | undefined;
}

/** Judges an act and writes nothing. Of several people the first is taken who is not refused. */
export async function judge(act: string, fields: Fields): Promise<Outcome<Judged>> {
  const people = devicePeople();
  const candidates =
    people.length < 2
      ? []
      : chosenActor.value !== ''
        ? [chosenActor.value]
        : people.map((person) => person.id);
  return (await workspace.judge(act, fields, candidates)) as unknown as Outcome<Judged>;
}

/** Does it. What it gives is on the disk when `stored` says so. */
export async function perform(
  act: string,
  fields: Fields,
  request: string,
): Promise<Outcome<Judged>> {
  if (__STEPS__) await step('tapped');
  const judged = await judge(act, fields);
  if (__STEPS__) await step('tried');
  if (!judged.ok) return judged;
  const { answer, actor } = judged.value;
  if (answer.refused !== undefined) return judged;
  const done = await workspace.act(act, { ...fields, actor }, { request });
  if (__STEPS__) await step('shown');
  return done.ok ? good({ answer: done.value as unknown as Answer, actor }) : done;
}

export const drawRequest = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');

/**
 * What would become of an act, under each keystroke: the last fields are judged, those between are
 * left out, and nothing is judged within a composition.
 */
export function useJudge(act: string, fields: Fields | null): Seen<Judged> {
  const [seen, setSeen] = useState<Seen<Judged>>({ data: null, fault: null });
  const same = useSame<Seen<Judged>>();
  const next = useRef<Fields | null>(null);
  const isRunning = useRef(false);
  const isGone = useRef(false);
  const key = fields === null ? null : JSON.stringify(fields);
  const composing = isComposing.value;
  const actor = chosenActor.value;
  const now = revision.value;

  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  // Before the frame with the letter is drawn: often that frame has the verdict, too.
  useLayoutEffect(() => {
    if (composing || fields === null) return;
    next.current = fields;
    if (isRunning.current) return;
    isRunning.current = true;
    void (async () => {
      while (next.current !== null && !isGone.current) {
        const given = next.current;
        next.current = null;
        const outcome = await judge(act, given);
        if (isGone.current) break;
        setSeen(
          same(
            outcome.ok
              ? { data: outcome.value, fault: null }
              : { data: null, fault: outcome.fault },
          ),
        );
      }
      isRunning.current = false;
    })();
  }, [key, composing, actor, now]);
  return seen;
}
