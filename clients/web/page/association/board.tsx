// The board: totals of a unit as the log has them, live. Every figure opens.

import { useState } from 'preact/hooks';
import { useView } from '../asking';
import type { Figures, Share, Totals, TotalsRow } from '../data';
import { Bars } from '../parts/bars';
import { Dialog } from '../parts/dialog';
import { Select } from '../parts/fields';
import * as format from '../parts/format';
import { FaultNotice, Waiting } from '../parts/notices';
import { replacePlace, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { Title } from '../parts/title';

const t = text.board;
const steps = [
  'registered',
  'self_assessed',
  'reviewed',
  'submitted',
  'appraised',
  'recognized',
  'not_recognized',
  'withdrawn',
] as const;

export function Screen({ param }: ScreenProps) {
  const chosen = new URLSearchParams(param);
  const unit = chosen.get('unit') ?? '';
  const cycle = chosen.get('cycle') ?? '';
  const home = useView('home');
  const units = useView('units');
  const totals = useView('totals', { unit: unit || undefined, cycle: cycle || undefined });
  if (totals.data === null) return <Waiting fault={totals.fault} />;
  const choose = (part: Record<string, string>) => {
    const all = Object.entries({ unit, cycle, ...part }).filter(([, value]) => value !== '');
    replacePlace('board', new URLSearchParams(all).toString());
  };
  return (
    <>
      <Title>{t.title(totals.data.unit_name)}</Title>
      <p class="hint" aria-live="polite">
        {t.asOf(format.count(totals.data.position), format.time(home.data?.last_contact ?? 0))}
      </p>
      <div class="filters">
        <Select
          label={t.unit}
          name="unit"
          nothing={t.ownPlace}
          options={(units.data?.units ?? []).map(({ id, name }) => ({ word: id, name }))}
          value={unit}
          onChoose={(next) => choose({ unit: next })}
        />
        <Select
          label={t.cycle}
          name="cycle"
          nothing={t.allCycles}
          options={(home.data?.cycles ?? []).map(({ id, label, title_name }) => ({
            word: id,
            name: `${title_name} – ${label}`,
          }))}
          value={cycle}
          onChoose={(next) => choose({ cycle: next })}
        />
      </div>
      <FaultNotice fault={totals.fault} />
      <BigFigures totals={totals.data} />
      <Steps sum={totals.data.sum} />
      <Groups rows={totals.data.rows} />
    </>
  );
}

interface Opened {
  title: string;
  num: number;
  den: number;
  denKind: string;
  basis: string;
  position: number;
}

function BigFigures({ totals }: { totals: Totals }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const { sum, position } = totals;
  const share = (title: string, given: Share): Opened => ({
    title,
    num: given.num,
    den: given.den,
    denKind: given.den_kind,
    basis: given.unit_basis,
    position: given.as_of_seq,
  });
  const registered = {
    title: t.registered,
    num: sum.registered,
    den: 0,
    denKind: '',
    basis: '',
    position,
  };
  const figures: [Opened, string, string][] = [
    [registered, format.count(sum.registered), t.people],
    [...shown(share(t.selfAssessed, sum.self_assessed_of_registered))],
    [...shown(share(t.recognized, sum.recognized_of_registered))],
  ];
  return (
    <>
      <div class="big-figures">
        {figures.map(([figure, value, below]) => (
          <button key={figure.title} type="button" onClick={() => setOpened(figure)}>
            <span>{figure.title}</span>
            <span class="figure">{value}</span>
            <span class="hint">{below}</span>
          </button>
        ))}
      </div>
      {opened !== null && (
        <Dialog title={opened.title} onClose={() => setOpened(null)}>
          <dl class="facts">
            <Row name={t.numerator} value={format.count(opened.num)} />
            {opened.den > 0 && (
              <>
                <Row
                  name={t.denominator}
                  value={`${format.count(opened.den)} (${t.denKinds[opened.denKind] ?? opened.denKind})`}
                />
                <Row name={t.share} value={format.percent(opened.num, opened.den)} />
              </>
            )}
            {opened.basis !== '' && (
              <Row name={t.basis} value={t.bases[opened.basis] ?? opened.basis} />
            )}
            <Row name={t.position} value={format.count(opened.position)} />
          </dl>
          <p class="hint">{t.positionHint}</p>
          <button type="button" onClick={() => setOpened(null)}>
            {text.close}
          </button>
        </Dialog>
      )}
    </>
  );
}

const shown = (figure: Opened): [Opened, string, string] => [
  figure,
  format.percent(figure.num, figure.den),
  t.outOf(format.count(figure.num), format.count(figure.den)),
];

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The same rows as bars and as a table. */
function Steps({ sum }: { sum: Figures }) {
  const of = Math.max(sum.registered, 1);
  return (
    <section>
      <h2>{t.steps}</h2>
      <Bars
        bars={steps.map((step) => ({
          label: t.stepNames[step],
          value: sum[step],
          of,
          shown: format.count(sum[step]),
        }))}
      />
      <div class="read-only">
        <table>
          <caption>{t.stepsCaption(format.count(sum.registered))}</caption>
          <tbody>
            {steps.map((step) => (
              <tr key={step}>
                <th scope="row">{t.stepNames[step]}</th>
                <td>{format.count(sum[step])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const rowName = (row: TotalsRow): string => format.capital(row.group_name || row.title_name);

function Groups({ rows }: { rows: TotalsRow[] }) {
  if (rows.length === 0) return <p class="empty">{t.nothing}</p>;
  const columns = ['registered', 'self_assessed', 'recognized'] as const;
  return (
    <section>
      <h2>{t.groups}</h2>
      <div class="wide" tabIndex={0} role="region" aria-label={t.groups}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.group}</th>
              {columns.map((column) => (
                <th key={column} scope="col" class="number">
                  {t.stepNames[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.commune}-${row.title}-${row.cycle}-${row.group}`}>
                <th scope="row">
                  {rowName(row)}
                  <span class="hint">{row.commune_name}</span>
                </th>
                {columns.map((column) => (
                  <td key={column} class="number">
                    {format.count(row[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
