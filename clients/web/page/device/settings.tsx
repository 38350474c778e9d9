import { useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { thisDevice } from '../asking';
import { Chips, TextField } from '../parts/fields';
import * as format from '../parts/format';
import { FaultNotice, Notice } from '../parts/notices';
import { text } from '../text/text';
import { appearance, changeAppearance, languages, sizes, themes } from './appearance';
import { PinForm } from './pin';
import { state, workspace } from './workspace';
import { Title } from '../parts/title';

const t = text.settings;

export function Screen() {
  const shown = appearance.value;
  return (
    <>
      <Title>{t.title}</Title>
      <section class="panel">
        <Chips
          label={t.theme}
          name="theme"
          options={themes.map((word) => ({ word, name: t.themes[word] }))}
          value={shown.theme}
          onChoose={(word) => changeAppearance({ theme: word as typeof shown.theme })}
        />
        <Chips
          label={t.size}
          name="size"
          options={sizes.map((size) => ({ word: String(size), name: `${size} %` }))}
          value={String(shown.size)}
          onChoose={(word) => changeAppearance({ size: Number(word) as typeof shown.size })}
        />
        <Chips
          label={t.language}
          name="language"
          options={languages.map((word) => ({ word, name: t.languages[word] }))}
          value={shown.language}
          onChoose={(word) => changeAppearance({ language: word as typeof shown.language })}
        />
      </section>
      <Lock />
      <ThisDevice />
    </>
  );
}

function Lock() {
  const hasPin = state.value?.lock?.kind === 'pin';
  const [isOpen, setOpen] = useState(false);
  const [done, setDone] = useState('');
  const [old, setOld] = useState('');
  const [fault, setFault] = useState<Fault | null>(null);
  const remove = async () => {
    const removed = await workspace.removePin(old);
    setFault(removed.ok ? null : removed.fault);
    if (!removed.ok) return;
    setOld('');
    setDone(t.pinRemoved);
  };
  return (
    <section class="panel">
      <h2>{t.lock}</h2>
      <p>{hasPin ? t.hasPin : t.noPin}</p>
      <p aria-live="polite">{done}</p>
      <div class="actions">
        {hasPin && (
          <button type="button" class="primary" onClick={() => void workspace.lock()}>
            {t.lockNow}
          </button>
        )}
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {hasPin ? t.changePin : t.setPin}
        </button>
      </div>
      {isOpen && (
        <PinForm
          onDone={() => {
            setOpen(false);
            setDone(t.pinSet);
          }}
        />
      )}
      {hasPin && (
        <details class="more">
          <summary>{t.removePin}</summary>
          <Notice kind="warning">
            <p>{text.enrol.skipWarning}</p>
          </Notice>
          <TextField
            label={text.pin.old}
            name="pin_now"
            type="password"
            autoComplete="current-password"
            value={old}
            onText={setOld}
          />
          <FaultNotice fault={fault} />
          <button type="button" onClick={() => void remove()}>
            {t.removePin}
          </button>
        </details>
      )}
    </section>
  );
}

function ThisDevice() {
  const device = thisDevice();
  const storage = state.value?.storage;
  return (
    <section class="panel">
      <h2>{t.device}</h2>
      <dl class="facts">
        <div>
          <dt>{t.label}</dt>
          <dd>{device?.label ?? ''}</dd>
        </div>
        {device?.enrolled === true && !device.locked && (
          <div>
            <dt>{t.key}</dt>
            <dd>{device.browser_key === undefined ? t.keySealed : t.keyHeld}</dd>
          </div>
        )}
        {(device?.people ?? []).map((person) => (
          <div key={person.id}>
            <dt>{person.name}</dt>
            <dd>
              {person.roles
                .filter(({ ended }) => !ended)
                .map(({ role_name }) => role_name)
                .join(', ')}
            </dd>
          </div>
        ))}
        {storage != null && (
          <div>
            <dt>{t.storage}</dt>
            <dd>
              {t.storageOf(format.bytes(storage.usage), format.bytes(storage.quota))}
              {storage.persisted ? t.persisted : t.notPersisted}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
