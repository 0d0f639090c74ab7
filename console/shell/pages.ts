/** The pages of the console, as the build found them in `pages/`. */

import type { ComponentType } from 'preact';
import type { Period } from '../shared/days';

/** What the first line of a page's file says, and the scripts that the build made of it. */
export interface PageInfo {
  title: string;
  /** The group of the menu that lists the page; no group: the page is not in the menu. */
  menu?: string;
  /** The place in its group; less is higher. */
  order?: number;
  /** The permission without which the page is not offered. */
  needs?: string;
  /** Which parts of the filter bar it has. */
  bar?: BarPart[];
  /** Its days where the address names none, as the page asks for them; the last 30 if left out. */
  usual?: Period;
  /** Its days and comparison are those that were saved, unless the address has others. */
  asSaved?: boolean;
  /** It needs a site of the organization. */
  site?: boolean;
  /** It is for people who are not signed in. */
  alone?: boolean;
  /** Of such a page: it has the whole width. */
  wide?: boolean;
  /** The page of /console. */
  home?: boolean;
  /** Its own parameters in the address, with the values they know; an empty list: any. */
  params?: Record<string, string[]>;
  /** Other words that people look for it by. */
  words?: string;
  /** Names that it had before. */
  was?: string[];
  scripts: string[];
}

export type BarPart = 'period' | 'compare' | 'filters' | 'conversion' | 'model' | 'basis';

export const PAGES = JSON.parse(document.getElementById('pages')?.textContent ?? '{}') as Record<string, PageInfo>;
export const MISSING = 'not-found';

const HOME = Object.keys(PAGES).find((name) => PAGES[name]?.home) ?? MISSING;

/** The page that a name in an address means. */
export const pageOf = (name: string): string => {
  if (!name) return HOME;
  if (Object.hasOwn(PAGES, name)) return name;
  return Object.keys(PAGES).find((each) => PAGES[each]?.was?.includes(name)) ?? MISSING;
};

export const addressOf = (page: string): string => (page === HOME ? '' : page);

const loaded = new Map<string, Promise<ComponentType>>();

/** A page's component; a failed load is tried again the next time. */
export function load(page: string): Promise<ComponentType> {
  let found = loaded.get(page);
  if (!found) {
    found = import(`/console/${PAGES[page]?.scripts[0]}`).then((module: { default: ComponentType }) => module.default);
    found.catch(() => loaded.delete(page));
    loaded.set(page, found);
  }
  return found;
}

export interface MenuGroup { name: string; pages: string[] }

/** The order of the menu's groups; others come before the last two. The first has no heading. */
const GROUPS = ['Start', 'Acquisition', 'Behaviour', 'People', 'Marketing', 'Settings', 'Organization'];

/** The menu of somebody with these permissions. */
export function menuFor(may: (permission: string) => boolean): MenuGroup[] {
  const groups = new Map<string, string[]>();
  for (const [name, { menu, needs }] of Object.entries(PAGES)) {
    if (menu && (!needs || may(needs))) groups.set(menu, [...(groups.get(menu) ?? []), name]);
  }
  const place = (group: string) => (GROUPS.includes(group) ? GROUPS.indexOf(group) : GROUPS.length - 2.5);
  const order = (page: string) => PAGES[page]?.order ?? 50;
  return [...groups].sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([name, pages]) => ({ name, pages: pages.sort((a, b) => order(a) - order(b) || a.localeCompare(b)) }));
}
