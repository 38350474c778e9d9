import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { TextField } from '../parts/fields';
import { FaultNotice, Notice } from '../parts/notices';
import { text } from '../text/text';
import { state, workspace } from './workspace';
import { Title } from '../parts/title';

const t = text.unlock;

/** Seconds until the next guess may come. */
function useWait(until: number): number {
  const [now, setNow] = useState(Date.now);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (until <= Date.now()) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until, left === 0]);
  return left;
}

export function Unlock() {
  const [pin, setPin] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => document.querySelector<HTMLElement>('input[name="pin"]')?.focus(), []);
  const wait = useWait(state.value?.lock?.retryAt ?? 0);
  const unlock = async () => {
    if (pin === '' || wait > 0 || isBusy) return;
    setBusy(true);
    const done = await workspace.unlock(pin);
    setBusy(false);
    setFault(done.ok ? null : done.fault);
    if (!done.ok) setPin('');
  };
  return (
    <main class="unlock">
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void unlock();
        }}
      >
        <Title>{t.title}</Title>
        <p>{t.intro}</p>
        <TextField
          label={text.pin.pin}
          name="pin"
          type="password"
          autoComplete="current-password"
          value={pin}
          onText={setPin}
        />
        <FaultNotice fault={fault?.code === 'pin_wait' ? null : fault} />
        {wait > 0 && (
          <Notice kind="warning">
            <p>{t.wait(wait)}</p>
          </Notice>
        )}
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={isBusy || wait > 0}>
            {isBusy ? t.opening : t.open}
          </button>
        </div>
        <details class="more">
          <summary>{t.forgotten}</summary>
          <p>{t.forgottenWay}</p>
        </details>
      </form>
    </main>
  );
}
