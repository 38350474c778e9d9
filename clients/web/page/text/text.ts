import { appearance } from '../device/appearance';
import { vi, type Text } from './vi';

const asked = new URLSearchParams(location.search).get('lang') ?? appearance.value.language;

/** The language of this page: Vietnamese, unless the device or the address asks for English. */
export const text: Text = asked === 'en' ? (await import('./en')).en : vi;
document.documentElement.lang = asked === 'en' ? 'en' : 'vi';
