import { useState } from 'preact/hooks';
import type { Choices } from '../data';
import { Checks, Chips, DateField, Select, TextField } from '../parts/steady_fields';
import { text } from '../text/text';
import { change, type PersonDraft } from './kept';
import type { Told } from './registering';

const t = text.register;
const purposes = ['assess', 'publish_list', 'statistics', 'share_employer', 'contact'] as const;

interface ConsentProps {
  typed: PersonDraft;
  told: Told;
  choices: Choices;
  missing: string[];
}

/** What the person said, and who entered it. What else is asked for the rules decide. */
export function ConsentFields({ typed, told, choices, missing }: ConsentProps) {
  const [isBasisOpen, setBasisOpen] = useState(typed.basis !== '');
  const isProxy = typed.proxy !== '' && typed.proxy !== 'none';
  const asks = (field: string, value: string) => missing.includes(field) || value !== '';
  const isHeld = asks('witness_or_paper_form', '') || isProxy;
  const toldHeld = typed.witness === '' ? told('witness_or_paper_form', true) : undefined;
  const paperForm = (
    <TextField
      label={t.paperForm}
      name="paper_form"
      optional
      value={typed.paperForm}
      onText={(value) => change({ paperForm: value })}
    />
  );
  return (
    <section class="panel declared">
      <h2>{t.consentTitle}</h2>
      <Checks
        label={t.consent}
        options={purposes.map((word) => ({ word, name: t.purposes[word] }))}
        values={typed.consent}
        problem={told('consent', false) ?? (isBasisOpen ? undefined : told('basis', true))}
        onChange={(consent) => change({ consent, basis: consent.length > 0 ? '' : typed.basis })}
      />
      {isBasisOpen && typed.consent.length === 0 ? (
        <Select
          label={t.basis}
          name="basis"
          nothing={t.choose}
          options={choices.basis.filter(({ word }) => word !== 'none' && word !== 'consent')}
          value={typed.basis}
          problem={told('basis', true)}
          onChoose={(basis) => change({ basis })}
        />
      ) : (
        typed.consent.length === 0 && (
          <button type="button" class="quiet" onClick={() => setBasisOpen(true)}>
            {t.otherBasis}
          </button>
        )
      )}
      <Chips
        label={t.confirmation}
        name="confirmation"
        options={choices.confirmation}
        value={typed.confirmation}
        problem={told('confirmation', true)}
        onChoose={(confirmation) => change({ confirmation })}
      />
      {asks('proxy', typed.proxy) && (
        <Select
          label={t.proxy}
          name="proxy"
          nothing={t.choose}
          options={choices.proxy}
          value={typed.proxy}
          problem={told('proxy', true)}
          onChoose={(proxy) => change({ proxy })}
        />
      )}
      {(asks('proxy_by', typed.proxyBy) || isProxy) && (
        <TextField
          label={t.proxyBy}
          name="proxy_by"
          value={typed.proxyBy}
          problem={told('proxy_by', typed.proxyBy === '')}
          onText={(proxyBy) => change({ proxyBy })}
        />
      )}
      {(asks('witness', typed.witness) || isHeld) && (
        <TextField
          label={t.witness}
          name="witness"
          value={typed.witness}
          hint={isHeld && typed.confirmation !== 'witness' ? t.heldHint : undefined}
          problem={told('witness', typed.witness === '') ?? toldHeld}
          onText={(witness) => change({ witness })}
        />
      )}
      {isHeld && paperForm}
      <details class="more">
        <summary>{t.more}</summary>
        {!isHeld && paperForm}
        <TextField
          label={t.place}
          name="place"
          optional
          value={typed.place}
          onText={(place) => change({ place })}
        />
        <DateField
          label={t.paperDay}
          value={typed.paperDay}
          optional
          hint={t.paperDayHint}
          problem={told('day', false)}
          onDate={(paperDay) => change({ paperDay })}
        />
      </details>
    </section>
  );
}
