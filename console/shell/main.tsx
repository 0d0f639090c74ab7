/** Starts the console: the page of the address, in its frame, and links between pages without loading the shell again. */

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { go, pageNameOf, useAddress } from '../shared/address';
import { Messages } from '../shared/toast';
import { Alone } from './alone';
import { Frame } from './frame';
import { PAGES, addressOf, load, pageOf } from './pages';

// A page that a browser kept would show the last person's data to the next one.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

/** Links to pages behind the sign-in open here; others, new tabs and files are the browser's. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || 'reload' in link.dataset || link.origin !== location.origin || !/^\/console(\/|$)/.test(link.pathname)) return;
  const url = new URL(link.href);
  if (url.hash || PAGES[pageOf(pageNameOf(url))]?.alone || PAGES[pageOf(pageNameOf(new URL(location.href)))]?.alone) return;
  event.preventDefault();
  go(url.href);
}

function renamed(url: URL, page: string): string {
  const name = pageNameOf(url);
  // The report by one dimension was once the home page.
  if (!name && url.searchParams.has('by')) return `/console/channels${url.search}`;
  return name !== addressOf(page) && PAGES[page]?.was?.includes(name) ? `/console/${addressOf(page)}${url.search}` : '';
}

function Console() {
  const url = useAddress();
  const page = pageOf(pageNameOf(url));
  const moved = renamed(url, page);
  const [key, setKey] = useState(0);
  useEffect(() => { if (moved) go(moved, 'replace'); }, [moved]);
  useEffect(() => {
    document.title = `${PAGES[page]?.title} · Optiq`;
    scrollTo(0, 0);
  }, [page]);
  useEffect(() => {
    document.addEventListener('click', follow);
    load(page).catch(() => setKey((count) => count + 1));
    return () => document.removeEventListener('click', follow);
  }, []);
  if (moved) return null;
  return PAGES[page]?.alone ? <Alone key={key} page={page} /> : <Frame key={key} page={page} />;
}

const app = document.getElementById('app');
if (app) render(<><Console /><Messages /></>, app);
