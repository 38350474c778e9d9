// A browser becomes a device of the log: by a code, typed or read by the camera.

import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { thisDevice } from '../asking';
import { deviceOf, syncOf } from '../data';
import { Camera, hasCamera } from '../parts/camera';
import { TextField } from '../parts/fields';
import * as format from '../parts/format';
import { Icon } from '../parts/icons';
import { FaultNotice, Notice } from '../parts/notices';
import { go, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { PinForm } from './pin';
import { holdUpdates } from './updates';
import { state, workspace } from './workspace';
import { arrive, Title } from '../parts/title';

const t = text.enrol;

export function Screen({ param }: ScreenProps) {
  const device = deviceOf(state.value?.device);
  const [isConfirmed, setConfirmed] = useState(false);
  useEffect(() => holdUpdates(), []);
  if (device?.enrolled !== true) return <CodeForm given={param} />;
  const confirm = () => {
    arrive();
    setConfirmed(true);
  };
  if (!isConfirmed) return <ItIsMe onYes={confirm} />;
  return (
    <>
      <Title>{t.pinTitle}</Title>
      <p>{t.pinWhy}</p>
      <PinForm onDone={() => go('home')} />
      <details class="more">
        <summary>{t.skipPin}</summary>
        <Notice kind="warning">
          <p>{t.skipWarning}</p>
        </Notice>
        <button type="button" onClick={() => go('home')}>
          {t.skipAnyway}
        </button>
      </details>
    </>
  );
}

/** The code of an invitation, or the address that a QR of it holds. */
const codeIn = (read: string): string => {
  const [, behind] = read.split('#/enrol/');
  return decodeURIComponent(behind ?? read).trim();
};

function standardLabel(): string {
  const { userAgent } = navigator;
  return /Mobi|Android|iPhone/.test(userAgent) ? t.phone : t.computer;
}

function CodeForm({ given }: { given: string }) {
  const [code, setCode] = useState(given);
  const [label, setLabel] = useState(standardLabel);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [isScanning, setScanning] = useState(false);
  useEffect(() => {
    if (given === '') return;
    setCode(given);
    // A code in the address would stay in the history of the browser.
    history.replaceState(null, '', '#/enrol');
  }, [given]);
  const enrol = async () => {
    setAsked(true);
    if (code.trim() === '' || label.trim() === '' || isBusy) return;
    setBusy(true);
    setFault(null);
    await navigator.storage?.persist?.();
    const done = await workspace.enrol(code, label.trim());
    setBusy(false);
    if (!done.ok) setFault(done.fault);
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void enrol();
      }}
    >
      <Title>{t.title}</Title>
      <p>{t.intro}</p>
      {hasCamera() && (
        <button type="button" onClick={() => setScanning(true)}>
          <Icon name="camera" />
          {t.scan}
        </button>
      )}
      <TextField
        label={t.code}
        name="code"
        value={code}
        hint={t.codeHint}
        problem={isAsked && code.trim() === '' ? '' : undefined}
        onText={(typed) => setCode(codeIn(typed))}
      />
      <TextField
        label={t.label}
        name="label"
        value={label}
        hint={t.labelHint}
        maxLength={60}
        problem={isAsked && label.trim() === '' ? '' : undefined}
        onText={setLabel}
      />
      <FaultNotice fault={fault} />
      {fault?.code === 'unproved_server' && <p class="problem">{t.codeWrong}</p>}
      <div class="save-bar">
        <button type="submit" class="primary" aria-disabled={isBusy}>
          {isBusy ? t.enrolling : t.enrol}
        </button>
      </div>
      {isScanning && (
        <Camera
          title={t.scan}
          onText={(read) => {
            setCode(codeIn(read));
            return true;
          }}
          onClose={() => setScanning(false)}
        />
      )}
    </form>
  );
}

/** Who the invitation was for, once the log has said it. */
function ItIsMe({ onYes }: { onYes(): void }) {
  const device = thisDevice();
  const [isOther, setOther] = useState(false);
  const link = state.value?.link;
  const sync = syncOf(link?.sync ?? null);
  // Associations read no names, their own neither: when all is here, none will come.
  const isAllHere = sync?.synced === true;
  const people = (device?.people ?? []).filter(({ name }) => isAllHere || name !== '');
  if (people.length === 0 || (device?.place == null && !isAllHere)) {
    return (
      <>
        <Title>{t.receiving}</Title>
        <p aria-live="polite">
          {t.received(
            format.count(sync?.received_to ?? 0),
            format.count(sync?.log_head ?? 0),
            format.bytes(link?.bytesIn ?? 0),
          )}
        </p>
        <progress value={sync?.received_to ?? 0} max={Math.max(sync?.log_head ?? 0, 1)} />
        <p class="hint">{text.phase[link?.phase ?? 'off']}</p>
        <button type="button" onClick={() => void workspace.syncNow()}>
          {text.sync.now}
        </button>
      </>
    );
  }
  return (
    <>
      <Title>{t.who}</Title>
      <p>{t.whoHint(device?.place_name ?? '')}</p>
      <ul class="list">
        {people.map((person) => (
          <li key={person.id} class="item">
            <p class="strong">{person.name || text.people.noName}</p>
            <p>
              {person.roles
                .filter(({ ended }) => !ended)
                .map(({ role_name, unit_name }) => `${role_name}, ${unit_name}`)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      {isOther && (
        <Notice kind="warning">
          <p>{t.otherWay}</p>
        </Notice>
      )}
      <div class="actions">
        <button type="button" class="primary" onClick={onYes}>
          {people.length === 1 ? t.itIsMe : t.itIsUs}
        </button>
        <button type="button" class="quiet" onClick={() => setOther(true)}>
          {t.notMe}
        </button>
      </div>
    </>
  );
}
