import { useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { TextField } from '../parts/fields';
import { FaultNotice } from '../parts/notices';
import { text } from '../text/text';
import { state, workspace } from './workspace';

const t = text.pin;

/** Sets a PIN, or changes it. It is typed twice, and shown on request. */
export function PinForm({ onDone }: { onDone(): void }) {
  const hasPin = state.value?.lock?.kind === 'pin';
  const [old, setOld] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isShown, setShown] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const type = isShown ? 'text' : 'password';
  const save = async () => {
    setAsked(true);
    if (pin === '' || pin !== again || isBusy) return;
    setBusy(true);
    const done = await workspace.setPin(pin, hasPin ? old : undefined);
    setBusy(false);
    setFault(done.ok ? null : done.fault);
    if (done.ok) onDone();
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {hasPin && (
        <TextField
          label={t.old}
          name="old"
          type={type}
          autoComplete="current-password"
          value={old}
          onText={setOld}
        />
      )}
      <TextField
        label={t.pin}
        name="pin"
        type={type}
        autoComplete="new-password"
        value={pin}
        hint={t.hint}
        problem={isAsked && pin === '' ? '' : undefined}
        onText={setPin}
      />
      <TextField
        label={t.again}
        name="again"
        type={type}
        autoComplete="new-password"
        value={again}
        problem={isAsked && again !== pin ? t.differs : undefined}
        onText={setAgain}
      />
      <label class="check">
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
        <span>{t.show}</span>
      </label>
      <FaultNotice fault={fault} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={isBusy}>
          {isBusy ? text.saving : t.save}
        </button>
      </div>
    </form>
  );
}
