import { association } from './en/association';
import { device } from './en/device';
import { officer } from './en/officer';
import { shared } from './en/shared';
import type { Text } from './vi';

export const en: Text = { ...shared, ...officer, ...device, ...association };
