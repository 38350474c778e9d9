// A page without screens, for tests of what stands below them: they ask the worker as screens do.

import { effect } from '@preact/signals';
import { perform } from '../../page/asking';
import { holdUpdates, startUpdates, takeUpdate } from '../../page/device/updates';
import { startWorkspace, state, workspace } from '../../page/device/workspace';

Object.assign(globalThis, { workspace, shown: state, holdUpdates, takeUpdate, perform });
void startWorkspace();
const stop = effect(() => {
  if (state.value === null || (state.value.device === null && state.value.fault === null)) return;
  queueMicrotask(() => stop());
  void startUpdates();
});
