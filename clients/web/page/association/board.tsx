// The board: totals of a unit as the log has them, live. Every figure opens.

import { useState } from 'preact/hooks';
import { useView } from '../asking';
import type { Figures, Share, Totals, TotalsRow } from '../data';
import { groupName } from '../data';
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
  const [opened, setOpened] = useState<Figure | null>(null);
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
      <BigFigures totals={totals.data} onOpen={setOpened} />
      <Steps totals={totals.data} onOpen={setOpened} />
      <Groups totals={totals.data} onOpen={setOpened} />
      {opened !== null && <FigureDialog figure={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** A figure with everything by which somebody else counts the same. */
interface Figure {
  title: string;
  num: number;
  /** 0: it is a count of its own. */
  den: number;
  denKind: string;
  basis: string;
  position: number;
}
type Open = (figure: Figure) => void;

const shareOf = (title: string, share: Share): Figure => ({
  title,
  num: share.num,
  den: share.den,
  denKind: share.den_kind,
  basis: share.unit_basis,
  position: share.as_of_seq,
});

/** A step against those who registered. */
const stepOf = (title: string, num: number, of: Figures): Figure => ({
  ...shareOf(title, of.recognized_of_registered),
  num,
  den: of.registered,
});

function FigureDialog({ figure, onClose }: { figure: Figure; onClose(): void }) {
  const { title, num, den, denKind, basis, position } = figure;
  return (
    <Dialog title={title} onClose={onClose}>
      <dl class="facts">
        <Row name={t.numerator} value={format.count(num)} />
        {den > 0 && (
          <>
            <Row
              name={t.denominator}
              value={`${format.count(den)} (${t.denKinds[denKind] ?? denKind})`}
            />
            <Row name={t.share} value={format.percent(num, den)} />
          </>
        )}
        {basis !== '' && <Row name={t.basis} value={t.bases[basis] ?? basis} />}
        <Row name={t.position} value={format.count(position)} />
      </dl>
      <p class="hint">{t.positionHint}</p>
      <button type="button" onClick={onClose}>
        {text.close}
      </button>
    </Dialog>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function BigFigures({ totals, onOpen }: { totals: Totals; onOpen: Open }) {
  const { sum, position } = totals;
  const registered = stepOf(t.registered, sum.registered, { ...sum, registered: 0 });
  const shares = [
    shareOf(t.selfAssessed, sum.self_assessed_of_registered),
    shareOf(t.recognized, sum.recognized_of_registered),
  ];
  return (
    <div class="big-figures">
      <button type="button" onClick={() => onOpen({ ...registered, position })}>
        <span>{registered.title}</span>
        <span class="figure">{format.count(registered.num)}</span>
        <span class="hint">{t.people}</span>
      </button>
      {shares.map((share) => (
        <button key={share.title} type="button" onClick={() => onOpen(share)}>
          <span>{share.title}</span>
          <span class="figure">{format.percent(share.num, share.den)}</span>
          <span class="hint">{t.outOf(format.count(share.num), format.count(share.den))}</span>
        </button>
      ))}
    </div>
  );
}

function Steps({ totals, onOpen }: { totals: Totals; onOpen: Open }) {
  const { sum } = totals;
  return (
    <section>
      <h2>{t.steps}</h2>
      <p class="hint">{t.stepsCaption(format.count(sum.registered))}</p>
      <Bars
        of={sum.registered}
        bars={steps.map((step) => ({
          label: t.stepNames[step],
          value: sum[step],
          shown: format.count(sum[step]),
          onOpen: () => onOpen(stepOf(t.stepNames[step], sum[step], sum)),
        }))}
      />
    </section>
  );
}

const columns = ['registered', 'self_assessed', 'recognized'] as const;
const rowName = (row: TotalsRow): string => format.capital(groupName(row));

function Groups({ totals, onOpen }: { totals: Totals; onOpen: Open }) {
  const { rows } = totals;
  if (rows.length === 0) return <p class="empty">{t.nothing}</p>;
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
                    <button
                      type="button"
                      class="quiet"
                      onClick={() =>
                        onOpen(stepOf(`${rowName(row)}: ${t.stepNames[column]}`, row[column], row))
                      }
                    >
                      {format.count(row[column])}
                    </button>
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
