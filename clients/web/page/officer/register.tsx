// Registers a person: by the card, by a pasted line, by the keyboard.

import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { drawRequest, judge, perform, useJudge, useView } from '../asking';
import { forPeople, type Choices, type Home, type Unit } from '../data';
import { holdUpdates } from '../device/updates';
import { ActorField } from '../parts/actor';
import { Camera, hasCamera } from '../parts/camera';
import { readCard, unitIn } from '../parts/card';
import { focusFirstProblem } from '../parts/first_problem';
import { Icon } from '../parts/icons';
import { FaultNotice, Waiting } from '../parts/notices';
import { Select } from '../parts/steady_fields';
import { replacePlace, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { AlikeDialog } from './alike';
import { ConsentFields } from './consent_fields';
import { change, draft, emptyDraft, hasDraft, knownNames, lastChosen } from './kept';
import { PersonFields } from './person_fields';
import { alikeIn, dossierIn, isReady, registrationOf, toldBy } from './registering';
import { Kept, OtherDraft, Verdict } from './register_parts';
import { Saved, type SavedPerson } from './saved';
import { Title } from '../parts/title';

const t = text.register;

/** The browser asks before a draft is lost; no newer page takes over meanwhile. */
function useHeldDraft(isHeld: boolean): void {
  useEffect(() => {
    if (!isHeld) return undefined;
    const letGo = holdUpdates();
    const askFirst = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', askFirst);
    return () => {
      removeEventListener('beforeunload', askFirst);
      letGo();
    };
  }, [isHeld]);
}

export function Screen({ param }: ScreenProps) {
  const home = useView('home');
  const units = useView('units');
  const choices = useView('choices');
  const [saved, setSaved] = useState<SavedPerson | null>(null);
  const [isOther, setOther] = useState(false);
  useEffect(() => {
    const isHalfTyped = hasDraft(draft.value) && draft.value.person !== param;
    if (param !== '' && isHalfTyped) setOther(true);
    else takeKnown(param);
  }, [param]);
  if (home.data === null || units.data === null || choices.data === null) {
    return <Waiting fault={home.fault ?? units.fault ?? choices.fault} />;
  }
  if (isOther) return <OtherDraft person={param} onDrop={() => setOther(false)} />;
  if (saved !== null) {
    const next = () => {
      replacePlace('register', '');
      setSaved(null);
      setTimeout(() => document.querySelector<HTMLElement>('input[name="name"]')?.focus());
    };
    return <Saved person={saved} onNext={next} />;
  }
  return (
    <Form
      home={home.data}
      units={units.data.units.filter(({ kind }) => kind !== 'province')}
      choices={choices.data}
      onSaved={setSaved}
    />
  );
}

/** Somebody of the roster, by the id; '' for somebody new. */
function takeKnown(person: string): void {
  if (draft.value.person === person || (person === '' && hasDraft(draft.value))) return;
  draft.value = { ...emptyDraft, person, personName: knownNames.get(person) ?? '' };
}

interface FormProps {
  home: Home;
  units: Unit[];
  choices: Choices;
  onSaved(person: SavedPerson): void;
}

function Form({ home, units, choices, onSaved }: FormProps) {
  const typed = draft.value;
  const cycles = forPeople(home.cycles);
  const chosen = {
    ...lastChosen.value,
    cycle: lastChosen.value.cycle || (cycles.length === 1 ? (cycles[0]?.id ?? '') : ''),
    unit: lastChosen.value.unit || (units.length === 1 ? (units[0]?.id ?? '') : ''),
  };
  const cycle = cycles.find(({ id }) => id === chosen.cycle);
  const groups = cycle?.groups ?? [];
  const unit = units.find(({ id }) => id === chosen.unit);
  const group = groups.find(({ word }) => word === chosen.group);
  const isKept =
    cycle !== undefined && group !== undefined && (unit !== undefined || typed.person !== '');
  const summary = isKept ? [unit?.name, group.name, cycle.label].filter(Boolean).join(' · ') : '';
  const fields = registrationOf(typed, chosen);
  const judged = useJudge('register', fields);
  const answer = judged.data?.answer;
  const [isAsked, setAsked] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isScanning, setScanning] = useState(false);
  const [cardTold, setCardTold] = useState('');
  const [isAlikeShown, setAlikeShown] = useState(false);
  useHeldDraft(hasDraft(typed));
  const told = toldBy(answer, isAsked);
  const choose = (part: Partial<typeof chosen>) => (lastChosen.value = { ...chosen, ...part });

  const takeCard = (raw: string): boolean => {
    const card = readCard(raw);
    if (card === null) return false;
    const { idNumber, name, day, month, year, gender, address } = card;
    change({ idNumber, name, birth: { day, month, year }, gender: gender || typed.gender });
    const hamlets = units.filter(({ kind }) => kind === 'hamlet');
    const unit = unitIn(address, hamlets);
    if (unit !== undefined) choose({ unit });
    setCardTold(unit === undefined ? t.cardRead : t.cardReadWithUnit);
    return true;
  };

  const save = async () => {
    if (isSaving) return;
    setAsked(true);
    setSaving(true);
    // What was typed last may not be judged yet, and a tap is never lost.
    const latest = await judge('register', fields);
    const found = latest.ok ? latest.value.answer : undefined;
    const isWhole = found?.problems.length === 0 && found.missing.length === 0;
    if (!isReady(found, typed)) {
      setSaving(false);
      setFault(latest.ok ? null : latest.fault);
      if (isWhole && alikeIn(found).length > 0 && !typed.isNew) return setAlikeShown(true);
      return focusFirstProblem();
    }
    const done = await perform('register', fields, drawRequest());
    setSaving(false);
    setFault(done.ok ? null : done.fault);
    if (!done.ok || !done.value.answer.stored) return;
    const name = typed.person === '' ? typed.name.trim() : typed.personName;
    draft.value = emptyDraft;
    lastChosen.value = chosen;
    onSaved({ name, dossier: dossierIn(done.value.answer), waits: done.value.answer.waits });
  };

  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Title>{t.title}</Title>
      <div class="actions">
        {hasCamera() && (
          <button type="button" onClick={() => setScanning(true)}>
            <Icon name="camera" />
            {t.scan}
          </button>
        )}
        <p class="hint" aria-live="polite">
          {cardTold || t.scanHint}
        </p>
      </div>
      <Kept summary={summary} isOpen={summary === ''}>
        <Select
          label={t.cycle}
          name="cycle"
          options={cycles.map(({ id, label, title_name }) => ({
            word: id,
            name: `${title_name} – ${label}`,
          }))}
          nothing={t.choose}
          value={chosen.cycle}
          problem={cycles.length === 0 ? t.noCycle : told('cycle', chosen.cycle === '')}
          onChoose={(cycle) => choose({ cycle, group: '' })}
        />
        <Select
          label={t.group}
          name="group"
          options={groups}
          nothing={t.choose}
          value={chosen.group}
          problem={told('group', chosen.group === '')}
          onChoose={(group) => choose({ group })}
        />
        {typed.person === '' && (
          <Select
            label={t.unit}
            name="unit"
            options={units.map(({ id, name }) => ({ word: id, name }))}
            nothing={t.choose}
            value={chosen.unit}
            problem={told('unit', chosen.unit === '')}
            onChoose={(unit) => choose({ unit })}
          />
        )}
      </Kept>
      <PersonFields
        typed={typed}
        told={told}
        genders={choices.gender}
        isYoung={answer?.young === true}
        onCard={takeCard}
      />
      <ConsentFields typed={typed} told={told} choices={choices} missing={answer?.missing ?? []} />
      <Verdict answer={answer} isAsked={isAsked} onAlike={() => setAlikeShown(true)} />
      <ActorField judged={judged.data?.actor} />
      <FaultNotice fault={fault ?? judged.fault} />
      <div class="save-bar">
        <button type="submit" class="primary" aria-disabled={isSaving}>
          {isSaving ? text.saving : t.save}
        </button>
      </div>
      {isScanning && <Camera title={t.scan} onText={takeCard} onClose={() => setScanning(false)} />}
      {isAlikeShown && answer !== undefined && (
        <AlikeDialog typed={typed} alike={alikeIn(answer)} onClose={() => setAlikeShown(false)} />
      )}
    </form>
  );
}
