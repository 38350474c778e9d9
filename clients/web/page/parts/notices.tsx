import type { ComponentChildren } from 'preact';
import type { Fault } from '../../core/fault';
import { text } from '../text/text';
import { Icon } from './icons';

export const faultText = (fault: Fault): string =>
  fault.text || text.faults[fault.code] || text.fault(fault.code);

type Kind = 'info' | 'good' | 'warning' | 'danger';

/** Something that everybody has to see: a sign and words, never a colour alone. */
export function Notice({ kind, children }: { kind: Kind; children: ComponentChildren }) {
  const sign = kind === 'good' ? 'official' : kind === 'info' ? 'items' : 'warning';
  return (
    <div class={`notice ${kind}`} role={kind === 'danger' ? 'alert' : 'status'}>
      <Icon name={sign} />
      <div>{children}</div>
    </div>
  );
}

export function FaultNotice({ fault }: { fault: Fault | null }) {
  if (fault === null) return null;
  return (
    <Notice kind="danger">
      <p>{faultText(fault)}</p>
    </Notice>
  );
}

/** While a screen waits for its first data. */
export function Waiting({ fault = null }: { fault?: Fault | null }) {
  return fault === null ? (
    <p class="waiting" aria-busy="true">
      {text.starting}
    </p>
  ) : (
    <FaultNotice fault={fault} />
  );
}
