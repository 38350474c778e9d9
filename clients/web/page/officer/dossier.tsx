// One dossier: what it is, what can be done with it, and everything that happened, in sentences.

import { useState } from 'preact/hooks';
import { thisDevice, useView } from '../asking';
import type { Dossier, HistoryLine } from '../data';
import * as format from '../parts/format';
import { Notice, Waiting } from '../parts/notices';
import { StatusChip } from '../parts/status';
import type { ScreenProps } from '../routes';
import { text } from '../text/text';
import { DossierActs } from './dossier_acts';
import { PhotoRow } from './photos';
import { Title } from '../parts/title';
import type { Photo } from './photo_data';

const t = text.dossier;

export function Screen({ param }: ScreenProps) {
  const dossier = useView('dossier', { dossier: param });
  const history = useView('history', { dossier: param });
  const photos = useView('photos', { dossier: param });
  if (dossier.data === null) return <Waiting fault={dossier.fault} />;
  const lines = history.data?.lines ?? [];
  return (
    <>
      <Title>{dossier.data.name || t.noName}</Title>
      <Summary dossier={dossier.data} lines={lines} />
      {thisDevice()?.reads_only !== true && <DossierActs dossier={dossier.data} />}
      <h2>{t.history}</h2>
      {dossier.data.may_lack_history && (
        <Notice kind="info">
          <p>{t.mayLack}</p>
        </Notice>
      )}
      {history.data === null ? (
        <Waiting fault={history.fault} />
      ) : (
        <ol class="history">
          {[...lines].reverse().map((line) => (
            <Line
              key={line.id}
              line={line}
              photo={photos.data?.photos.find(({ id }) => id === line.id)}
            />
          ))}
        </ol>
      )}
    </>
  );
}

function Summary({ dossier, lines }: { dossier: Dossier; lines: HistoryLine[] }) {
  const isReturned = dossier.state === 'returned';
  const returned = lines.filter(({ kind }) => kind === 'DossierReturned').pop();
  return (
    <section class="panel">
      <div class="item-head">
        <span class="tag large">{format.capital(dossier.state_name)}</span>
        <StatusChip status={dossier.status} />
      </div>
      {dossier.why !== '' && (
        <Notice kind="warning">
          <p>{dossier.why}</p>
        </Notice>
      )}
      {isReturned && (
        <Notice kind="warning">
          <p>{returned === undefined ? t.returned : t.returnedFor(returned.content)}</p>
        </Notice>
      )}
      <dl class="facts">
        {dossier.birth !== undefined && dossier.birth !== '' && (
          <Fact name={t.birth}>{dossier.birth}</Fact>
        )}
        {dossier.unit_name !== undefined && dossier.unit_name !== '' && (
          <Fact name={t.unit}>{dossier.unit_name}</Fact>
        )}
        <Fact name={t.group}>{dossier.group_name}</Fact>
        <Fact name={t.evidence}>
          {dossier.evidence === 0 ? t.noEvidence : t.evidenceCount(dossier.evidence)}
        </Fact>
        <Fact name={t.sheet}>
          {dossier.has_sheet ? t.sheetOf(format.points(dossier.points), dossier.result) : t.noSheet}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{format.capital(children)}</dd>
    </div>
  );
}

function Line({ line, photo }: { line: HistoryLine; photo: Photo | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const who = line.by_server
    ? t.byServer
    : [line.actor_name, line.role_name].filter((part) => part !== '').join(', ');
  return (
    <li>
      <p class="strong">{format.capital(line.kind_name)}</p>
      {line.content !== '' && <p>{format.capital(line.content)}</p>}
      <p class="hint">{t.said(who, format.day(line.day))}</p>
      {photo !== undefined && <PhotoRow photo={photo} />}
      <div class="item-head">
        <StatusChip status={line.status} />
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t.less : t.more}
        </button>
      </div>
      {line.why !== '' && (
        <p class={line.status === 'refused' ? 'problem' : 'warning'}>{line.why}</p>
      )}
      {isOpen && (
        <dl class="facts">
          <Fact name={t.paperDay}>{format.day(line.day)}</Fact>
          <Fact name={t.recordedAt}>{format.time(line.recorded_at)}</Fact>
          <Fact name={t.receivedAt}>{format.time(line.received_at)}</Fact>
          <Fact name={t.position}>
            {line.position === 0 ? t.noPosition : format.count(line.position)}
          </Fact>
          {line.device !== '' && <Fact name={t.device}>{line.device}</Fact>}
          <Fact name={t.evidenceThen}>{t.evidenceCount(line.evidence_known)}</Fact>
          {line.verdict !== '' && <Fact name={t.verdict}>{line.verdict}</Fact>}
          <Fact name={t.eventId}>{line.id}</Fact>
        </dl>
      )}
    </li>
  );
}
