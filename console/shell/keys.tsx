/** Keys, and the dialogs they open: search, and help with the list of keys. Single keys can be switched off. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { go, hrefOf } from '../shared/address';
import { useSession } from '../shared/session';
import { t } from '../shared/words';
import { PAGES, addressOf, menuFor } from './pages';

const bus = new EventTarget();
const OFF = 'optiq.keys.off';

export const openSearch = (): void => { bus.dispatchEvent(new Event('search')); };
export const openHelp = (): void => { bus.dispatchEvent(new Event('help')); };

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search and go'], ['Ctrl K or ⌘ K', 'The same, from a field too'], ['g o', 'Overview'], ['g c', 'Channels'], ['g d', 'Dashboards'], ['g f', 'Funnels'], ['g j', 'Journeys'], ['g l', 'Tracked links'],
  ['d', 'Days of the report'], ['f', 'Filters'], ['j, k', 'Next and previous row'], ['?', 'This help'], ['Esc', 'Close'],
];
const JUMPS: Record<string, string> = { o: '', c: 'channels', d: 'dashboards', f: 'funnels', j: 'journeys', l: 'links' };

const isTyping = (event: KeyboardEvent) => event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);

function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main .row-link')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

const press = (id: string) => document.querySelector<HTMLElement>(`[data-key="${id}"] button`)?.click();

export function Keys() {
  const [shown, setShown] = useState<'' | 'search' | 'help'>('');
  useEffect(() => {
    let jump = false;
    const search = () => setShown('search');
    const help = () => setShown('help');
    const key = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || document.querySelector('dialog[open]') || localStorage.getItem(OFF)) return;
      const target = jump ? JUMPS[event.key] : undefined;
      jump = event.key === 'g';
      if (target !== undefined) go(hrefOf(target));
      else if (event.key === '/') { event.preventDefault(); search(); }
      else if (event.key === '?') help();
      else if (event.key === 'j' || event.key === 'k') step(event.key === 'j' ? 1 : -1);
      else if (event.key === 'd') press('period');
      else if (event.key === 'f') press('filters');
    };
    bus.addEventListener('search', search);
    bus.addEventListener('help', help);
    addEventListener('keydown', key);
    return () => {
      bus.removeEventListener('search', search);
      bus.removeEventListener('help', help);
      removeEventListener('keydown', key);
    };
  }, []);
  if (shown === 'search') return <Search close={() => setShown('')} />;
  return shown === 'help' ? <Help close={() => setShown('')} /> : null;
}

function useDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return dialog;
}

interface Hit { name: string; small: string; href: string }

function Search({ close }: { close: () => void }) {
  const { may, sites } = useSession();
  const dialog = useDialog();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const pages = menuFor(may).flatMap(({ name, pages: listed }) => listed.map((page): Hit & { words: string } => ({
    name: PAGES[page]?.title ?? page, small: name === 'Start' ? '' : name, href: hrefOf(addressOf(page)), words: PAGES[page]?.words ?? '',
  })));
  const places = sites.map((site) => ({ name: site.name, small: 'Site', href: hrefOf('', { site: site.site_id }), words: site.domains.join(' ') }));
  const wanted = text.trim().toLowerCase();
  const typed = text.trim();
  const asked: Hit[] = wanted && may('reports:read') ? [
    { name: t('Campaigns that contain “{typed}”', { typed }), small: 'Filter', href: hrefOf('campaigns', { where: `campaign~contains~${encodeURIComponent(typed)}` }) },
    { name: t('Order {typed}', { typed }), small: 'Conversions', href: hrefOf('conversions', { order: typed }) },
  ] : [];
  const hits = [...[...pages, ...places].filter((hit) => `${hit.name} ${hit.small} ${hit.words}`.toLowerCase().includes(wanted)).slice(0, 12), ...asked];
  const open = (hit: Hit | undefined) => {
    dialog.current?.close();
    if (hit) go(hit.href);
  };
  const key = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      setAt((last) => Math.min(Math.max(last + by, 0), hits.length - 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(hits[at]);
    }
  };
  return (
    <dialog ref={dialog} class="search" aria-label="Search and go" onClose={close} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
      <input type="text" role="combobox" aria-expanded="true" aria-controls="hits" aria-activedescendant={hits[at] ? `hit-${at}` : undefined} aria-label="Search pages, sites, campaigns and orders" list={undefined}
        placeholder="Search pages, sites, campaigns and orders" value={text} onKeyDown={key} onInput={(event) => { setText(event.currentTarget.value); setAt(0); }} />
      <ul id="hits" role="listbox" aria-label="Found">
        {hits.map((hit, place) => (
          <li key={`${hit.small} ${hit.name}`} id={`hit-${place}`} role="option" aria-selected={place === at} onClick={() => open(hit)}>{hit.name}<small>{hit.small}</small></li>
        ))}
      </ul>
    </dialog>
  );
}

function Help({ close }: { close: () => void }) {
  const dialog = useDialog();
  const [off, setOff] = useState(Boolean(localStorage.getItem(OFF)));
  const toggle = () => {
    if (off) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, 'yes');
    setOff(!off);
  };
  return (
    <dialog ref={dialog} aria-label="Help and keys" onClose={close}>
      <h2>Help</h2>
      <p>A question mark beside a term explains it. The address of a page holds all that it shows: copy it to share what you see.</p>
      <p><a href="/docs">Reference of the API</a></p>
      <h3>Keys</h3>
      <dl class="facts keys">{KEYS.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
      <div class="field check"><label><input type="checkbox" checked={!off} onChange={toggle} /> Single keys act</label></div>
      <div class="actions"><button type="button" class="button second" onClick={() => dialog.current?.close()}>Close</button></div>
    </dialog>
  );
}
