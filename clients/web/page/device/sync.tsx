// The line, in words that say no more than is true.

import { useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { useView } from '../asking';
import { syncOf, type Home, type Sync } from '../data';
import * as format from '../parts/format';
import { Icon } from '../parts/icons';
import { FaultNotice, Notice, Waiting } from '../parts/notices';
import { text } from '../text/text';
import { SealedFile } from './sealed_file';
import { state, workspace } from './workspace';
import { Title } from '../parts/title';

const t = text.sync;

export function Screen() {
  const { data: home, fault: viewFault } = useView('home');
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const link = state.value?.link;
  if (home === null || link === undefined) return <Waiting fault={viewFault} />;
  const sync = syncOf(link.sync);
  const syncNow = async () => {
    if (isBusy) return;
    setBusy(true);
    setDone(false);
    const outcome = await workspace.syncNow();
    setBusy(false);
    setFault(outcome.ok ? null : outcome.fault);
    setDone(outcome.ok);
  };
  const left = home.unsent_bytes + home.photo_bytes;
  const isSending = link.phase === 'open' || link.phase === 'posting';
  const seconds = isSending && link.rate > 0 ? Math.ceil(left / link.rate) : 0;
  const behind = Math.max(0, (sync?.log_head ?? 0) - (sync?.received_to ?? 0));
  return (
    <>
      <Title>{t.title}</Title>
      <section class="panel">
        <p class="strong" aria-live="polite">
          <Icon name="sync" />
          {t.states[home.sync] ?? home.sync}
        </p>
        <p>{text.phase[link.phase]}</p>
        {link.phase === 'waiting' && link.retryAt !== undefined && (
          <p class="hint">{t.retry(format.time(link.retryAt))}</p>
        )}
        {home.trouble !== '' && (
          <Notice kind="danger">
            <p>{t.troubles[home.trouble] ?? t.trouble(home.trouble)}</p>
          </Notice>
        )}
        {sync?.reason !== undefined && sync.reason !== '' && <p class="hint">{sync.reason}</p>}
        <div class="actions">
          <button
            type="button"
            class="primary"
            aria-disabled={isBusy}
            onClick={() => void syncNow()}
          >
            {isBusy ? t.busy : t.now}
          </button>
        </div>
        <FaultNotice fault={fault} />
        <p aria-live="polite">{done ? t.done : ''}</p>
      </section>
      <section class="panel">
        <h2>{t.figures}</h2>
        <dl class="facts">
          <Figure name={t.onlyHere} value={format.count(home.device_only)} />
          <Figure name={t.received} value={format.count(home.received)} />
          <Figure name={t.official} value={format.count(home.official)} />
          <Figure name={t.waiting} value={format.count(home.waiting)} />
          <Figure name={t.refused} value={format.count(home.refused)} />
          <Figure name={t.unsentBytes} value={format.bytes(home.unsent_bytes)} />
          <Photos home={home} files={sync?.files} />
          {left > 0 && seconds > 0 && <Figure name={t.timeLeft} value={t.seconds(seconds)} />}
          {behind > 0 && <Figure name={t.behind} value={format.count(behind)} />}
          <Figure name={t.lastContact} value={format.time(home.last_contact)} />
          <Figure name={t.lastSynced} value={format.time(home.last_synced)} />
          <Figure
            name={t.bytes}
            value={t.inOut(format.bytes(link.bytesIn), format.bytes(link.bytesOut))}
          />
          {home.lease_end > 0 && <Figure name={t.lease} value={format.time(home.lease_end)} />}
        </dl>
      </section>
      {home.photos > 0 && <SlowLine when={home.originals} />}
      {home.device_only > 0 && <SealedFile count={home.device_only} />}
    </>
  );
}

/** Photos are told apart: they are many bytes, and nobody waits for them to be official. */
function Photos({ home, files }: { home: Home; files: Sync['files'] }) {
  return (
    <>
      {home.photos > 0 && (
        <Figure
          name={t.photos}
          value={t.photosLeft(format.count(home.photos), format.bytes(home.photo_bytes))}
        />
      )}
      {files !== undefined && files.held_back > 0 && (
        <Figure name={t.photosHeld} value={format.count(files.held_back)} />
      )}
      {files !== undefined && files.to_fetch > 0 && (
        <Figure name={t.photosToFetch} value={format.count(files.to_fetch)} />
      )}
      {home.photos_damaged > 0 && (
        <Figure name={t.photosDamaged} value={format.count(home.photos_damaged)} />
      )}
    </>
  );
}

/** Whether photos go where the line is slow; small pictures always do. */
function SlowLine({ when }: { when: Home['originals'] }) {
  const isAlways = when === 'always';
  return (
    <section class="panel">
      <h2>{t.slowTitle}</h2>
      <p>{isAlways ? t.slowAlways : t.slowWaits}</p>
      <div class="actions">
        <button
          type="button"
          onClick={() => void workspace.sendPhotos(isAlways ? 'good-link' : 'always')}
        >
          {isAlways ? t.slowWait : t.slowSend}
        </button>
      </div>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
