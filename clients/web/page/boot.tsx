import { render } from 'preact';
import { App } from './app';
import { applyAppearance } from './device/appearance';
import { browserTrouble } from './device/browser';
import { watchInstall } from './device/install';
import { holdUpdates, startUpdatesInTime, takeUpdate } from './device/updates';
import { startWorkspace, state, workspace } from './device/workspace';
import { watchComposition } from './parts/composition';

applyAppearance();
watchComposition();
watchInstall();

async function begin(): Promise<void> {
  const root = document.getElementById('page') as HTMLElement;
  const trouble = browserTrouble();
  if (trouble !== null) {
    const { RefusedBrowser } = await import('./device/refused');
    return render(<RefusedBrowser trouble={trouble} />, root);
  }
  root.replaceChildren();
  render(<App />, root);
  // Tests ask as screens do.
  if (__STEPS__) Object.assign(globalThis, { workspace, shown: state, holdUpdates, takeUpdate });
  await startWorkspace();
}
void begin();
startUpdatesInTime();
