// A page without screens, for tests of what stands below them: they ask the worker as screens do.

import { perform } from '../../page/asking';
import { holdUpdates, startUpdatesInTime, takeUpdate } from '../../page/device/updates';
import { startWorkspace, state, workspace } from '../../page/device/workspace';

Object.assign(globalThis, { workspace, shown: state, holdUpdates, takeUpdate, perform });
void startWorkspace();
startUpdatesInTime();
