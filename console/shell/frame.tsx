/** The frame of pages behind the sign-in: header, menu, filter bar, and the states in which a page cannot be shown. */

import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { inWords } from '../shared/api';
import { setParams, useAddress } from '../shared/address';
import { FirstSite, NoOrganization } from '../shared/beginnings';
import { Notice, Problem, Skeleton, Zone } from '../shared/pieces';
import { useSegments, type Segment } from '../shared/segments';
import { SessionProvider, readSession, type Session } from '../shared/session';
import { Bar, faultsOf, viewOf } from '../shared/view';
import { FilterBar } from './filter-bar';
import { Header } from './header';
import { Keys } from './keys';
import { Menu } from './menu';
import { Offline } from './offline';
import { PAGES, type BarPart } from './pages';
import { PageView } from './page-view';

type Loaded = Omit<Session, 'again'>;

export function Frame({ page }: { page: string }) {
  const [session, setSession] = useState<Loaded | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const again = useCallback(async () => setSession(await readSession()), []);
  useEffect(() => { readSession().then(setSession, setError); }, []);
  useEffect(() => setMenuOpen(false), [page]);
  if (error) return <NotLoaded error={error} />;
  if (!session) return <div class="frame starting"><main id="main"><Skeleton rows={6} tall /></main></div>;
  return (
    <SessionProvider value={{ ...session, again }}>
      <a class="skip" href="#main">Skip to the content</a>
      <div class={`frame ${menuOpen ? 'menu-open' : ''}`}>
        <Header menuOpen={menuOpen} toggleMenu={() => setMenuOpen(!menuOpen)} />
        <Menu page={page} />
        <Offline />
        <Content page={page} session={session} />
      </div>
      <Keys />
    </SessionProvider>
  );
}

function Content({ page, session }: { page: string; session: Loaded }) {
  const url = useAddress();
  const info = PAGES[page];
  const needsSite = Boolean(info?.site || info?.bar);
  const site = needsSite ? viewOf(url.searchParams, session.sites)?.site : undefined;
  const named = url.searchParams.get('segment') ?? '';
  const found = useSegments(named && (site?.site_id ?? ''), named);
  const segments = found.answer ?? NO_SEGMENTS;
  const parts = info?.bar ?? NO_PARTS;
  const bar = useMemo(() => ({ parts, segments }), [parts, segments]);
  const main = (children: ComponentChildren) => (
    <main id="main" tabIndex={-1}><Zone.Provider value={site?.timezone}><Bar.Provider value={bar}>{children}</Bar.Provider></Zone.Provider></main>
  );
  if (found.error) return main(<div class="page"><Problem error={found.error} again={found.again} /></div>);
  if (found.loading && !found.answer) return main(<div class="page"><Skeleton rows={6} tall /></div>);
  const faults = needsSite ? [...faultsOf(url.searchParams, session.sites, info?.params, segments)] : [];
  const notices = faults.map(([name, text]) => <Notice key={name} look="warn" role="alert">{text}</Notice>);
  if (!session.current && needsSite) return main(<NoOrganization />);
  if (info?.needs && session.current && !session.may(info.needs)) return main(<Forbidden title={info.title} needs={info.needs} />);
  if (needsSite && !session.sites.length) return main(<>{notices}<FirstSite /></>);
  return main(
    <>
      {needsSite && <FilterBar info={info} faults={new Map(faults)} />}
      {notices.length ? (
        <div class="page"><h1>{info?.title}</h1>{notices}
          <button type="button" class="button second short" onClick={() => setParams(Object.fromEntries(faults.map(([name]) => [name, null])))}>Show the page without it</button></div>
      ) : <div class="page" key={site?.site_id}><PageView page={page} /></div>}
    </>,
  );
}

const NO_SEGMENTS: readonly Segment[] = [];
const NO_PARTS: readonly BarPart[] = [];

function Forbidden({ title, needs }: { title: string; needs: string }) {
  return (
    <section class="card narrow">
      <h1>{title}</h1>
      {needs === 'staff'
        ? <p>You may not see this page. It is for the staff who operate this system.</p>
        : <p>You may not see this page. It needs the permission <code>{needs}</code>. An admin of your organization can give it to you.</p>}
      <a class="button" href="/console">Go to the overview</a>
    </section>
  );
}

function NotLoaded({ error }: { error: unknown }) {
  return (
    <div class="alone">
      <main id="main" class="card">
        <h1>This did not load</h1>
        <p role="alert">{inWords(error)}</p>
        <a class="button" href={location.href}>Try again</a>
      </main>
    </div>
  );
}
