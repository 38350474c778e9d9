// "I have seen the paper": what it is, for which row of the sheet, and a photo of it.

import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import type { SmallPhoto } from '../../core/photos';
import { drawRequest, perform, useJudge, useView } from '../asking';
import { holdUpdates } from '../device/updates';
import { ActorField } from '../parts/actor';
import { DateField, noDate, writtenDate } from '../parts/date_field';
import { Checks, Chips, TextField } from '../parts/fields';
import { focusFirstProblem } from '../parts/first_problem';
import { FaultNotice, Notice, Waiting } from '../parts/notices';
import { hrefOf, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { PhotoField } from './photo_field';
import { PhotoList } from './photos';
import { toldBy } from './registering';
import { Title } from '../parts/title';

const t = text.evidence;
const empty = {
  kind: '',
  what: '',
  indicators: [] as string[],
  issuer: '',
  whereKept: '',
  date: noDate,
};

export function Screen({ param }: ScreenProps) {
  const sheet = useView('sheet', { dossier: param });
  const choices = useView('choices');
  const [typed, setTyped] = useState(empty);
  const [photo, setPhoto] = useState<SmallPhoto | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [savedCount, setSavedCount] = useState(0);
  const isDirty = typed !== empty || photo !== null;
  useEffect(() => (isDirty ? holdUpdates() : undefined), [isDirty]);

  const kindName = choices.data?.evidence.find(({ word }) => word === typed.kind)?.name ?? '';
  // Seen on paper is two taps: without other words the kind says what it is.
  const what = typed.what.trim() === '' ? kindName : typed.what;
  const given = (value: string) => (value === '' ? undefined : value);
  const fields = {
    dossier: param,
    kind: given(typed.kind),
    what: given(what),
    indicator: typed.indicators,
    issuer: given(typed.issuer),
    where_kept: given(typed.whereKept),
    document_day: given(writtenDate(typed.date)),
  };
  // Its size is all that the rules look at.
  const sized = { ...fields, photo_size: photo?.photo.length };
  const judged = useJudge('evidence', isDirty ? sized : null);
  if (sheet.data === null || choices.data === null) {
    return <Waiting fault={sheet.fault ?? choices.fault} />;
  }
  const change = (part: Partial<typeof empty>) => setTyped({ ...typed, ...part });
  const answer = isDirty ? judged.data?.answer : undefined;
  const told = toldBy(answer, isAsked);
  const save = async () => {
    setAsked(true);
    if (typed.kind === '') return focusFirstProblem();
    const files = photo === null ? {} : { photo: photo.photo, thumbnail: photo.thumbnail };
    const done = await perform('evidence', { ...fields, ...files }, drawRequest());
    setFault(done.ok ? null : done.fault);
    if (!done.ok || !done.value.answer.stored) return;
    setTyped(empty);
    setPhoto(null);
    setAsked(false);
    setSavedCount(savedCount + 1);
    document.querySelector('h1')?.focus();
  };
  const { columns, name } = sheet.data;
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
      <p class="strong">{name}</p>
      <div aria-live="polite">
        {savedCount > 0 && (
          <Notice kind="good">
            <p>{t.saved(savedCount)}</p>
          </Notice>
        )}
      </div>
      <section class="panel">
        <Chips
          label={t.kind}
          name="kind"
          options={choices.data.evidence}
          value={typed.kind}
          problem={isAsked && typed.kind === '' ? '' : undefined}
          onChoose={(kind) => change({ kind })}
        />
        <TextField
          label={t.what}
          name="what"
          optional
          value={typed.what}
          hint={typed.what.trim() === '' && kindName !== '' ? t.whatFrom(kindName) : t.whatHint}
          problem={told('what', false)}
          onText={(next) => change({ what: next })}
        />
        <PhotoField photo={photo} onPhoto={setPhoto} />
        <details class="more">
          <summary>{t.more}</summary>
          <Checks
            label={t.indicators}
            options={columns.map(({ code, label }) => ({ word: code, name: `${code} · ${label}` }))}
            values={typed.indicators}
            onChange={(indicators) => change({ indicators })}
          />
          <TextField
            label={t.issuer}
            name="issuer"
            optional
            value={typed.issuer}
            onText={(issuer) => change({ issuer })}
          />
          <TextField
            label={t.whereKept}
            name="where_kept"
            optional
            value={typed.whereKept}
            onText={(whereKept) => change({ whereKept })}
          />
          <DateField
            label={t.day}
            value={typed.date}
            optional
            problem={told('document_day', false)}
            onDate={(date) => change({ date })}
          />
        </details>
      </section>
      <div aria-live="polite">
        {answer?.refused !== undefined && (
          <Notice kind="warning">
            <p>{answer.refused.text}</p>
          </Notice>
        )}
      </div>
      <ActorField judged={judged.data?.actor} />
      <FaultNotice fault={fault ?? judged.fault} />
      <div class="save-bar">
        <button type="submit" class="primary">
          {photo === null ? t.save : t.saveWithPhoto}
        </button>
        <a class="button" href={hrefOf('dossier', param)}>
          {t.toDossier}
        </a>
      </div>
      <PhotoList dossier={param} heading={text.photo.ofDossier} />
    </form>
  );
}
