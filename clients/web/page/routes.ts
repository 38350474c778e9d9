// The screens: one table for links, menu, tests and pictures. An address is `#/path/param`.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { Screen as Enrol } from './device/enrol';

export interface ScreenProps {
  /** What stands behind the path, '' when nothing does. */
  param: string;
}
interface ScreenModule {
  Screen: ComponentType<ScreenProps>;
}
interface RouteRow {
  path: string;
  /** Its place in the menu; without one it is reached from elsewhere. */
  menu?: number;
  load(): Promise<ScreenModule>;
}

const rows = {
  home: { path: '', menu: 1, load: () => import('./officer/home') },
  people: { path: 'people', menu: 2, load: () => import('./officer/people') },
  register: { path: 'register', menu: 3, load: () => import('./officer/register') },
  items: { path: 'items', menu: 4, load: () => import('./officer/items') },
  board: { path: 'board', menu: 5, load: () => import('./association/board') },
  dossier: { path: 'dossier', load: () => import('./officer/dossier') },
  sheet: { path: 'sheet', load: () => import('./officer/sheet') },
  evidence: { path: 'evidence', load: () => import('./officer/evidence') },
  sync: { path: 'sync', load: () => import('./device/sync') },
  settings: { path: 'settings', load: () => import('./device/settings') },
  // The first screen of a new device: on a slow line a chunk of its own would come seconds later.
  enrol: { path: 'enrol', load: async () => ({ Screen: Enrol }) },
} satisfies Record<string, RouteRow>;

export type RouteName = keyof typeof rows;
export const routes: Record<RouteName, RouteRow> = rows;
export const routeNames = Object.keys(rows) as RouteName[];
export const menu = routeNames
  .filter((name) => routes[name].menu !== undefined)
  .sort((a, b) => (routes[a].menu ?? 0) - (routes[b].menu ?? 0));

export interface Place {
  name: RouteName;
  param: string;
}

export function placeOf(hash: string): Place {
  const [path = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const name = routeNames.find((each) => routes[each].path === path) ?? 'home';
  return { name, param: decoded(rest.join('/')) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function hrefOf(name: RouteName, param = ''): string {
  const { path } = routes[name];
  return `#/${path}${param === '' ? '' : `/${encodeURIComponent(param)}`}`;
}

export const place = signal<Place>(placeOf(location.hash));
addEventListener('hashchange', () => (place.value = placeOf(location.hash)));

export function go(name: RouteName, param = ''): void {
  location.hash = hrefOf(name, param);
}

/** Another address for the same screen: what is filtered is part of it, but no step back. */
export function replacePlace(name: RouteName, param: string): void {
  history.replaceState(null, '', hrefOf(name, param));
  place.value = { name, param };
}
