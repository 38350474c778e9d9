// Where one stands: the place, one state line, the next thing to do.

import { thisDevice, useView } from '../asking';
import { forPeople, type Home } from '../data';
import { canInstall, install } from '../device/install';
import { state } from '../device/workspace';
import * as format from '../parts/format';
import { Icon, type IconName } from '../parts/icons';
import { Notice, Waiting } from '../parts/notices';
import { hrefOf, type RouteName } from '../routes';
import { text } from '../text/text';
import { Title } from '../parts/title';

const t = text.home;
const day = 86_400_000;

export function Screen() {
  const { data, fault } = useView('home');
  if (data === null) return <Waiting fault={fault} />;
  return (
    <>
      <Title>{data.place_name || text.title}</Title>
      <p class="state-line">{stateLine(data)}</p>
      <Warnings home={data} />
      {thisDevice()?.reads_only !== true && <NextThing home={data} />}
      <h2>{t.steps}</h2>
      {data.cycles.length > forPeople(data.cycles).length && <p class="hint">{t.stepsHint}</p>}
      {data.steps.length === 0 ? (
        <p class="hint">{t.noSteps}</p>
      ) : (
        <ul class="steps">
          {data.steps.map((step) => (
            <li key={step.state}>
              <a href={hrefOf('people', `step=${step.state}`)}>
                <span class="figure">{format.count(step.count)}</span>
                <span>{format.capital(step.state_name)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <ul class="links">
        {thisDevice()?.reads_only === true && (
          <Link to="board" icon="board" label={text.screens.board} />
        )}
        <Link to="sync" icon="sync" label={text.screens.sync} />
        <Link to="settings" icon="settings" label={text.screens.settings} />
      </ul>
    </>
  );
}

/** What has no verdict yet waits, wherever it lies. */
function stateLine(home: Home): string {
  const unsent = home.device_only;
  return [
    t.own(format.count(home.own_events)),
    unsent === 0 && home.photos === 0 ? t.nothingUnsent : t.unsent(format.count(unsent)),
    home.photos === 0 ? '' : t.photos(format.count(home.photos)),
    t.last(format.time(home.last_contact)),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function Link({ to, icon, label }: { to: RouteName; icon: IconName; label: string }) {
  return (
    <li>
      <a href={hrefOf(to)}>
        <Icon name={icon} />
        <span>{label}</span>
        <Icon name="next" />
      </a>
    </li>
  );
}

interface Thing {
  label: string;
  why: string;
  href: string;
  icon: IconName;
}

/** The first of what is due; with nothing due, the next person. */
function nextThing(home: Home): Thing {
  const count = (step: string) => home.steps.find(({ state: is }) => is === step)?.count ?? 0;
  const returned = count('returned');
  if (returned > 0) {
    const href = hrefOf('people', 'step=returned');
    return { label: t.returned(returned), why: t.returnedWhy, href, icon: 'warning' };
  }
  if (home.refused > 0) {
    const href = hrefOf('items', 'refused');
    return { label: t.refused(home.refused), why: t.refusedWhy, href, icon: 'refused' };
  }
  if (home.cycles.length === 0) {
    return { label: t.noCycle, why: t.noCycleWhy, href: hrefOf('sync'), icon: 'sync' };
  }
  const accepted = count('accepted');
  if (accepted > 0) {
    const href = hrefOf('people', 'step=accepted');
    return { label: t.toScore(accepted), why: t.toScoreWhy, href, icon: 'score' };
  }
  return { label: t.register, why: t.registerWhy, href: hrefOf('register'), icon: 'register' };
}

function NextThing({ home }: { home: Home }) {
  const { label, why, href, icon } = nextThing(home);
  return (
    <a class="next-thing" href={href}>
      <Icon name={icon} />
      <span>
        <span class="strong">{label}</span>
        <span class="hint">{why}</span>
      </span>
      <Icon name="next" />
    </a>
  );
}

function Warnings({ home }: { home: Home }) {
  const shown = state.value;
  const device = thisDevice();
  const leaseDays = Math.floor((home.lease_end - Date.now()) / day);
  const isLeaseNear = home.lease_end > 0 && leaseDays <= 7 && !home.hidden;
  const isUnsentLong =
    home.device_only > 0 && home.last_contact > 0 && Date.now() - home.last_contact > day;
  const clockMinutes = Math.round(Math.abs(home.clock_difference) / 60_000);
  return (
    <>
      {device?.revoked === true && (
        <Notice kind="danger">
          <p>{t.revoked}</p>
        </Notice>
      )}
      {home.hidden && (
        <Notice kind="danger">
          <p>{t.leaseOver}</p>
        </Notice>
      )}
      {isLeaseNear && (
        <Notice kind="warning">
          <p>{t.leaseNear(Math.max(leaseDays, 0))}</p>
        </Notice>
      )}
      {isUnsentLong && (
        <Notice kind="warning">
          <p>{t.unsentLong}</p>
          <a href={hrefOf('sync')}>{text.screens.sync}</a>
        </Notice>
      )}
      {shown?.storage?.low === true && (
        <Notice kind="warning">
          <p>{text.storageLow}</p>
          <a href={hrefOf('sync')}>{text.screens.sync}</a>
        </Notice>
      )}
      {clockMinutes >= 10 && (
        <Notice kind="warning">
          <p>{t.clock(clockMinutes)}</p>
        </Notice>
      )}
      {home.needs_newer_build === true && (
        <Notice kind="warning">
          <p>{t.newerBuild}</p>
        </Notice>
      )}
      {home.alarms > 0 && (
        <Notice kind="danger">
          <p>{t.alarms}</p>
        </Notice>
      )}
      {canInstall() && (
        <Notice kind="info">
          <p>{t.installWhy}</p>
          <button type="button" onClick={() => void install()}>
            {t.install}
          </button>
        </Notice>
      )}
      {shown?.lock?.kind === 'none' && (
        <Notice kind="info">
          <p>{t.noPin}</p>
          <a href={hrefOf('settings')}>{t.setPin}</a>
        </Notice>
      )}
    </>
  );
}
