// The frame around every screen: what belongs to the device as a whole, the menu, and the screen.

import { computed, effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { State } from '../core/workspace';
import { thisDevice, useThisDevice } from './asking';
import { deviceOf } from './data';
import { takeUpdate, updateWaits } from './device/updates';
import { Unlock } from './device/unlock';
import { state } from './device/workspace';
import * as format from './parts/format';
import { Icon } from './parts/icons';
import { FaultNotice, Notice } from './parts/notices';
import {
  hrefOf,
  menu,
  place,
  replacePlace,
  routes,
  type Place,
  type RouteName,
  type ScreenProps,
} from './routes';
import { text } from './text/text';
import { arrive, Title } from './parts/title';

interface Shown extends Place {
  Screen: ComponentType<ScreenProps>;
}
const screen = signal<Shown | null>(null);
const isMissing = signal(false);

effect(() => {
  const device = deviceOf(state.value?.device);
  // The address says so, too: whose device it is and the PIN are asked after the code is taken.
  if (device?.enrolled === false && place.value.name !== 'enrol') replacePlace('enrol', '');
});
/** Before it is enrolled, a device has one screen. */
const wanted = computed<Place | null>(() => {
  const device = deviceOf(state.value?.device);
  if (device === null) return null;
  const { name, param } = place.value;
  if (device.enrolled || name === 'enrol') return { name, param };
  return { name: 'enrol', param: '' };
});

/** The time in ms after which a screen that did not come is asked for again. */
const askAgain = 3_000;

/** The screen before stays, with what it was asked for, until the next one is here. */
async function load(asked: Place): Promise<void> {
  const isWanted = (): boolean =>
    wanted.value?.name === asked.name && wanted.value.param === asked.param;
  do {
    try {
      const { Screen } = await routes[asked.name].load();
      if (!isWanted()) return;
      isMissing.value = false;
      screen.value = { ...asked, Screen };
      return;
    } catch {
      // The line broke. Not every browser asks a second time: people can load the page again.
      if (isWanted()) isMissing.value = true;
      await new Promise((resolve) => setTimeout(resolve, askAgain));
    }
  } while (isWanted());
}
effect(() => {
  const asked = wanted.value;
  const shown = screen.peek();
  if (asked === null) return;
  if (asked.name === shown?.name && asked.param === shown.param) {
    isMissing.value = false;
    return;
  }
  void load(asked);
});

/** Screens whose address changes with what is filtered: the same screen, not a new one. */
const filtered: readonly RouteName[] = ['people', 'items', 'board'];

export function App() {
  useThisDevice();
  const shown = state.value;
  const current = screen.value;
  const param = current?.param ?? '';
  const seenAs = current === null || filtered.includes(current.name) ? '' : param;
  // Before the title of the screen looks whether it has to be told.
  useLayoutEffect(() => {
    if (current === null) return;
    document.title = `${text.screens[current.name]} – ${text.title}`;
    arrive();
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
      {hasMenu && <Menu current={name} readsOnly={thisDevice()?.reads_only === true} />}
      <main id="main" data-screen={name} data-role={shown.role} data-revision={shown.revision}>
        <Notices shown={shown} />
        <Screen key={`${name} ${seenAs}`} param={param} />
      </main>
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('main h1')?.focus();
}

/** Of those who record something only. */
const toRecord: readonly RouteName[] = ['register', 'items'];

function Menu({ current, readsOnly }: { current: RouteName; readsOnly: boolean }) {
  const isOffered = (name: RouteName) => !readsOnly || !toRecord.includes(name);
  return (
    <nav class="menu" aria-label={text.menu}>
      <ul>
        {menu.filter(isOffered).map((name) => (
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
      <Title>{text.title}</Title>
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
      <Title>{text.title}</Title>
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
