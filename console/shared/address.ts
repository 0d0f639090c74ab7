/** The address of the page. It holds all that a page shows, so that every view has a link and Back works. */

import { useEffect, useState } from 'preact/hooks';

const changed = new EventTarget();
let here = new URL(location.href);

/** Parameters that go along from report to report. */
export const KEPT = ['site', 'period', 'from', 'to', 'compare', 'model', 'basis', 'conversion', 'where', 'segment'];

function moved(): void {
  here = new URL(location.href);
  changed.dispatchEvent(new Event('moved'));
}

addEventListener('popstate', moved);

/** The present address; the component is drawn again when it changes. */
export function useAddress(): URL {
  const [url, setUrl] = useState(here);
  useEffect(() => {
    const show = () => setUrl(here);
    show();
    changed.addEventListener('moved', show);
    return () => changed.removeEventListener('moved', show);
  }, []);
  return url;
}

/** Opens another page of the console without loading the shell again. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  if (new URL(href, location.href).href !== location.href) history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href);
  moved();
}

/** Changes parameters of the present address; null and '' remove one. */
export function setParams(changes: Record<string, string | null>, how: 'push' | 'replace' = 'push'): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  url.hash = '';
  go(url.pathname + url.search, how);
}

/** A text of a page that the address keeps under a name; without a name the component keeps it. */
export function useKept(name: string | undefined, first = ''): readonly [text: string, put: (text: string) => void] {
  const url = useAddress();
  const [own, setOwn] = useState(first);
  return name ? [url.searchParams.get(name) ?? first, (text) => setParams({ [name]: text || null }, 'replace')] : [own, setOwn];
}

/** The name in an address: `sign-in` of /console/sign-in, '' of /console. */
export const pageNameOf = (url: URL): string => url.pathname.replace(/^\/console\/?/, '');

/** A link to a page that keeps the site and the filters of this one. */
export function hrefOf(page: string, params: Record<string, string | null> = {}): string {
  const kept = KEPT.flatMap((name): [string, string][] => (here.searchParams.get(name) ? [[name, here.searchParams.get(name) as string]] : []));
  const query = new URLSearchParams(kept);
  for (const [name, value] of Object.entries(params)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = String(query);
  return `/console${page ? `/${page}` : ''}${text ? `?${text}` : ''}`;
}
