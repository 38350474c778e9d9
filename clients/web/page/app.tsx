// The frame around every screen: what belongs to the device as a whole, the menu, and the screen.

import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { State } from '../core/workspace';
import { useThisDevice } from './asking';
import { deviceOf } from './data';
import { takeUpdate, updateWaits } from './device/updates';
import { Unlock } from './device/unlock';
import { state } from './device/workspace';
import * as format from './parts/format';
import { Icon } from './parts/icons';
import { FaultNotice, Notice } from './parts/notices';
import { hrefOf, menu, place, routes, type RouteName, type ScreenProps } from './routes';
import { text } from './text/text';

interface Shown {
  name: RouteName;
  Screen: ComponentType<ScreenProps>;
}
const screen = signal<Shown | null>(null);
const isMissing = signal(false);

/** Before it is enrolled, a device has one screen. */
function wantedName(): RouteName {
  const { name } = place.value;
  const device = deviceOf(state.value?.device);
  if (device?.enrolled !== true) return 'enrol';
  return name;
}

async function load(name: RouteName): Promise<void> {
  try {
    const { Screen } = await routes[name].load();
    isMissing.value = false;
    if (wantedName() === name) screen.value = { name, Screen };
  } catch {
    isMissing.value = true;
  }
}
const wanted = signal<RouteName | null>(null);
effect(() => {
  if (state.value?.device != null) wanted.value = wantedName();
});
effect(() => {
  if (wanted.value !== null) void load(wanted.value);
});

/** Screens whose address changes with what is filtered: the same screen, not a new one. */
const filtered: readonly RouteName[] = ['people', 'items', 'board'];

export function App() {
  useThisDevice();
  const shown = state.value;
  const { param } = place.value;
  const current = screen.value;
  const seenAs = current === null || filtered.includes(current.name) ? '' : param;
  useEffect(() => {
    if (current === null) return;
    document.title = `${text.screens[current.name]} – ${text.title}`;
    scrollTo({ top: 0 });
    // Whoever listens hears where they are.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus());
  }, [current?.name, seenAs]);
  if (shown === null || shown.device === null) return <Starting shown={shown} />;
  const device = deviceOf(shown.device);
  if (device?.enrolled === true && device.locked) return <Unlock />;
  if (isMissing.value) return <MissingScreen />;
  if (current === null) return <Starting shown={shown} />;
  const { name, Screen } = current;
  const hasMenu = device?.enrolled === true && name !== 'enrol';
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {text.skip}
      </a>
      {hasMenu && <Menu current={name} />}
      <main id="main" data-screen={name} data-role={shown.role} data-revision={shown.revision}>
        <Notices shown={shown} />
        <Screen key={name} param={param} />
      </main>
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('main h1')?.focus();
}

function Menu({ current }: { current: RouteName }) {
  return (
    <nav class="menu" aria-label={text.menu}>
      <ul>
        {menu.map((name) => (
          <li key={name}>
            <a href={hrefOf(name)} aria-current={name === current ? 'page' : undefined}>
              <Icon name={name as 'home'} />
              <span>{text.screens[name]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What everybody has to know, whatever the screen. */
function Notices({ shown }: { shown: State }) {
  const { lost } = shown.installation ?? { lost: [] };
  return (
    <>
      {lost.slice(0, 1).map((where) => (
        <Notice key={where} kind={where === 'database' ? 'danger' : 'warning'}>
          <p>{text.lost[where]}</p>
        </Notice>
      ))}
      <FaultNotice fault={shown.fault} />
      {updateWaits.value && (
        <Notice kind="info">
          <p>{text.updateWaits}</p>
          <button type="button" onClick={() => void takeUpdate()}>
            {text.updateNow}
          </button>
        </Notice>
      )}
    </>
  );
}

function MissingScreen() {
  return (
    <main>
      <h1 tabIndex={-1}>{text.title}</h1>
      <Notice kind="danger">
        <p>{text.screenMissing}</p>
        <button type="button" onClick={() => location.reload()}>
          {text.reload}
        </button>
      </Notice>
    </main>
  );
}

function Starting({ shown }: { shown: State | null }) {
  const loading = shown?.loading ?? null;
  return (
    <main class="starting" aria-busy="true">
      <h1 tabIndex={-1}>{text.title}</h1>
      <FaultNotice fault={shown?.fault ?? null} />
      {loading === null ? (
        <p>{text.starting}</p>
      ) : (
        <>
          <p>{text.loading(format.bytes(loading.received), format.bytes(loading.total))}</p>
          <progress value={loading.received} max={loading.total} />
          <p class="hint">{text.loadingHint}</p>
        </>
      )}
    </main>
  );
}
