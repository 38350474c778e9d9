// What people read. This table is the type; en.ts has the same keys.

import { association } from './vi/association';
import { device } from './vi/device';
import { officer } from './vi/officer';
import { shared } from './vi/shared';

export const vi = { ...shared, ...officer, ...device, ...association };
export type Text = typeof vi;
