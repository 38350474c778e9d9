// What is unsent as a sealed file, for a day without any line: it is carried to somebody who has one.

import { useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { Icon } from '../parts/icons';
import { FaultNotice, Notice } from '../parts/notices';
import { text } from '../text/text';
import { workspace } from './workspace';

const t = text.sealed;

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function SealedFile({ count }: { count: number }) {
  const [fault, setFault] = useState<Fault | null>(null);
  const [saved, setSaved] = useState('');
  const make = async () => {
    const made = await workspace.bundle();
    setFault(made.ok ? null : made.fault);
    if (!made.ok) return;
    const name = `khuyenhoc-${new Date().toISOString().slice(0, 10)}.csb`;
    save(made.value, name);
    setSaved(name);
  };
  return (
    <section class="panel">
      <h2>{t.title}</h2>
      <p>{t.intro(count)}</p>
      <button type="button" onClick={() => void make()}>
        <Icon name="file" />
        {t.make}
      </button>
      <FaultNotice fault={fault} />
      <div aria-live="polite">
        {saved !== '' && (
          <Notice kind="good">
            <p>{t.made(saved)}</p>
          </Notice>
        )}
      </div>
    </section>
  );
}
