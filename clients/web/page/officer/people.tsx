// The roster: everybody this device knows, searched without tones.

import { useEffect, useState } from 'preact/hooks';
import { useView } from '../asking';
import { forPeople, type Choices, type Cycle, type RosterRow, type Unit } from '../data';
import * as format from '../parts/format';
import { Select, TextField } from '../parts/fields';
import { Icon } from '../parts/icons';
import { FaultNotice, Waiting } from '../parts/notices';
import { Rows } from '../parts/rows';
import { StatusChip } from '../parts/status';
import { hrefOf, replacePlace, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { knownNames } from './kept';
import { useRoster, type Wanted } from './roster_rows';
import { Title } from '../parts/title';

const t = text.people;
const statuses = ['device_only', 'received', 'official', 'waiting', 'refused'] as const;

/** What is filtered stands in the address, but what is searched does not: it is a name. */
function wantedBy(param: string, cycles: Cycle[]): Omit<Wanted, 'q'> {
  const given = new URLSearchParams(param);
  return {
    unit: given.get('unit') ?? '',
    cycle: given.get('cycle') ?? cycles[0]?.id ?? '',
    step: given.get('step') ?? '',
    status: given.get('status') ?? '',
  };
}

export function Screen({ param }: ScreenProps) {
  const home = useView('home');
  const units = useView('units');
  const choices = useView('choices');
  if (home.data === null || units.data === null || choices.data === null) {
    return <Waiting fault={home.fault ?? units.fault ?? choices.fault} />;
  }
  return (
    <Roster
      param={param}
      cycles={forPeople(home.data.cycles)}
      units={units.data.units}
      choices={choices.data}
    />
  );
}

interface RosterProps {
  param: string;
  cycles: Cycle[];
  units: Unit[];
  choices: Choices;
}

function Roster({ param, cycles, units, choices }: RosterProps) {
  const [q, setQ] = useState('');
  const wanted = wantedBy(param, cycles);
  const { count, row, need, fault } = useRoster({ ...wanted, q });
  const [isOpen, setOpen] = useState(
    wanted.step !== '' || wanted.status !== '' || wanted.unit !== '',
  );
  const filter = (part: Partial<typeof wanted>) => {
    const set = Object.entries({ ...wanted, ...part }).filter(([, value]) => value !== '');
    replacePlace('people', new URLSearchParams(set).toString());
  };
  useEffect(() => scrollTo({ top: 0 }), [q, param]);
  const active = [wanted.step, wanted.status, wanted.unit].filter((each) => each !== '').length;
  return (
    <>
      <Title>{t.title}</Title>
      <div class="search-bar" role="search">
        <TextField
          label={t.search}
          name="q"
          type="search"
          inputMode="search"
          value={q}
          hint={t.searchHint}
          onText={setQ}
        />
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {active === 0 ? t.filter : t.filters(active)}
        </button>
      </div>
      {isOpen && (
        <div class="filters panel">
          <Select
            label={t.hamlet}
            name="unit"
            nothing={t.everywhere}
            options={units.map(({ id, name }) => ({ word: id, name }))}
            value={wanted.unit}
            onChoose={(unit) => filter({ unit })}
          />
          <Select
            label={t.step}
            name="step"
            nothing={t.anyStep}
            options={choices.state.filter(({ word }) => word !== 'none')}
            value={wanted.step}
            onChoose={(step) => filter({ step })}
          />
          <Select
            label={t.status}
            name="status"
            nothing={t.anyStatus}
            options={statuses.map((word) => ({ word, name: text.status[word] }))}
            value={wanted.status}
            onChoose={(status) => filter({ status })}
          />
          {cycles.length > 1 && (
            <Select
              label={t.cycle}
              name="cycle"
              options={cycles.map(({ id, label, title_name }) => ({
                word: id,
                name: `${title_name} – ${label}`,
              }))}
              value={wanted.cycle}
              onChoose={(cycle) => filter({ cycle })}
            />
          )}
          {active > 0 && (
            <button
              type="button"
              class="quiet"
              onClick={() => filter({ unit: '', step: '', status: '' })}
            >
              {t.noFilter}
            </button>
          )}
        </div>
      )}
      <FaultNotice fault={fault} />
      <p class="count" aria-live="polite">
        {count === null ? text.looking : t.count(format.count(count))}
      </p>
      {count === 0 && (
        <div class="empty">
          <p>{q === '' ? (active === 0 ? t.nobody : t.nobodySo) : t.notFound}</p>
          {q === '' && active > 0 && (
            <a class="button primary" href={hrefOf('board')}>
              {text.screens.board}
            </a>
          )}
          {(q !== '' || active === 0) && (
            <a class="button primary" href={hrefOf('register')}>
              {text.screens.register}
            </a>
          )}
        </div>
      )}
      <Rows
        count={count ?? 0}
        label={t.title}
        need={need}
        row={(index) => <PersonRow row={row(index)} />}
      />
    </>
  );
}

function PersonRow({ row }: { row: RosterRow | null }) {
  if (row === null) return <span class="row-empty" />;
  const { person, name, birth, unit_name, dossier, state_name, status } = row;
  const href = dossier === undefined ? hrefOf('register', person) : hrefOf('dossier', dossier);
  if (name === '' && dossier === undefined) {
    return (
      <span class="row">
        <span class="row-main">
          <span class="row-more">{t.noName}</span>
          <span class="row-more">{unit_name}</span>
        </span>
      </span>
    );
  }
  return (
    <a class="row" href={href} onClick={() => name !== '' && knownNames.set(person, name)}>
      <span class="row-main">
        <span class="row-name">{name || t.noName}</span>
        <span class="row-more">{[birth, unit_name].filter((part) => part !== '').join(' · ')}</span>
      </span>
      <span class="row-side">
        {state_name === undefined ? (
          <span class="tag">{t.notRegistered}</span>
        ) : (
          <>
            <span class="tag">{format.capital(state_name)}</span>
            {status !== undefined && <StatusChip status={status} />}
          </>
        )}
      </span>
      <Icon name="next" />
    </a>
  );
}
