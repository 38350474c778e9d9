// What this device recorded: how far each is, why it waits, what to do.

import { useEffect, useState } from 'preact/hooks';
import { good, type Fault, type Outcome } from '../../core/fault';
import { ask, revision } from '../asking';
import type { Item, Items } from '../data';
import { Chips } from '../parts/fields';
import * as format from '../parts/format';
import { FaultNotice, Waiting } from '../parts/notices';
import { StatusChip } from '../parts/status';
import { hrefOf, replacePlace, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { Title } from '../parts/title';

const t = text.items;
const filters = ['device_only', 'received', 'waiting', 'refused', 'official'] as const;
const rowsAtOnce = 100;
/** So many a view gives in one answer. */
const answerMax = 1000;

/** The newest `count` of those in a status; '' for all. */
async function newest(status: string, count: number): Promise<Outcome<Items>> {
  const rows: Item[] = [];
  for (;;) {
    const outcome = await ask('items', {
      status: status === '' ? undefined : status,
      skip: rows.length,
      rows: Math.min(count - rows.length, answerMax),
    });
    if (!outcome.ok) return outcome;
    rows.push(...outcome.value.rows);
    const isAll = rows.length >= count || outcome.value.rows.length === 0;
    if (isAll) return good({ count: outcome.value.count, rows });
  }
}

export function Screen({ param }: ScreenProps) {
  const wanted = (filters as readonly string[]).includes(param) ? param : '';
  const [shown, setShown] = useState(rowsAtOnce);
  const [items, setItems] = useState<Items | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const now = revision.value;
  useEffect(() => {
    let current = true;
    void newest(wanted, shown).then((outcome) => {
      if (!current) return;
      setFault(outcome.ok ? null : outcome.fault);
      if (outcome.ok) setItems(outcome.value);
    });
    return () => {
      current = false;
    };
  }, [now, shown, wanted]);
  if (items === null) return <Waiting fault={fault} />;
  const { count, rows } = items;
  return (
    <>
      <Title>{t.title}</Title>
      <Chips
        label={t.filter}
        name="status"
        options={[
          { word: '', name: t.all },
          ...filters.map((word) => ({ word, name: text.status[word] })),
        ]}
        value={wanted}
        onChoose={(word) => replacePlace('items', word)}
      />
      <FaultNotice fault={fault} />
      <p class="count" aria-live="polite">
        {t.count(format.count(count))}
      </p>
      {rows.length === 0 && (
        <div class="empty">
          <p>{wanted === '' ? t.nothing : t.nothingOfThese}</p>
        </div>
      )}
      <ul class="list">
        {rows.map((item) => (
          <ItemRow key={item.id} item={item} />
        ))}
      </ul>
      {count > rows.length && (
        <button type="button" onClick={() => setShown(shown + rowsAtOnce)}>
          {t.more}
        </button>
      )}
    </>
  );
}

function ItemRow({ item }: { item: Item }) {
  const { kind_name, name, dossier, recorded_at, status, why } = item;
  return (
    <li class="item">
      <div class="item-head">
        <span class="strong">{format.capital(kind_name)}</span>
        <StatusChip status={status} />
      </div>
      {name !== '' && (
        <p>{dossier === null ? name : <a href={hrefOf('dossier', dossier)}>{name}</a>}</p>
      )}
      <p class="hint">{t.recorded(format.time(recorded_at))}</p>
      {why !== '' && <p class={status === 'refused' ? 'problem' : 'warning'}>{why}</p>}
    </li>
  );
}
