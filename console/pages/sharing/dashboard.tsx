// {"title": "Dashboard", "needs": "reports:read", "bar": ["period", "compare"], "asSaved": true, "params": {"id": [], "edit": ["1"]}}
/** One dashboard: its cards with their answers, or the editor of its cards. */

import { useRef } from 'preact/hooks';
import { Board } from '../../parts/board';
import { DashboardEditor } from '../../parts/dashboard-editor';
import { ShareLink } from '../../parts/share-link';
import { Unchosen } from '../../parts/unchosen';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { askAll } from '../../shared/api';
import { useAsked, useGet, usePost } from '../../shared/asking';
import { Button, Card, Empty, Loaded, Name } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { periodOf, useView } from '../../shared/view';
import type { DashboardAnswerOut, DashboardOut, ViewOut } from '../../types';

export default function Dashboard() {
  const url = useAddress();
  const { site } = useView();
  const { me, may } = useSession();
  const id = url.searchParams.get('id') ?? '';
  const path = `/v1/sites/${site.site_id}/dashboards/${encodeURIComponent(id)}`;
  const found = useGet<DashboardOut>(id ? path : '');
  const edits = Boolean(url.searchParams.get('edit'));
  const views = useAsked<ViewOut[]>(edits ? `views of ${site.site_id}` : '', () => askAll(`/v1/sites/${site.site_id}/views?limit=100`));
  if (!id) return <Unchosen page="Dashboard" title="No dashboard is chosen"><a href={hrefOf('dashboards')}>Choose one from the list</a>.</Unchosen>;
  const done = () => {
    setParams({ edit: null });
    found.again();
  };
  return (
    <Loaded of={found} rows={6} tall>{(one) => {
      const mayChange = may('dashboards:write') && (one.shared || one.owner_id === me.user_id);
      return edits && mayChange
        ? <DashboardEditor one={one} path={path} views={views} done={done} />
        : <Shown one={one} path={path} mayChange={mayChange} />;
    }}</Loaded>
  );
}

function Shown({ one, path, mayChange }: { one: DashboardOut; path: string; mayChange: boolean }) {
  const view = useView();
  const url = useAddress();
  const { may } = useSession();
  const board = useRef<HTMLDivElement>(null);
  const has = (...names: string[]) => names.some((name) => url.searchParams.get(name));
  const answers = usePost<DashboardAnswerOut>(`${path}/query`, {
    ...(has('period', 'from', 'to') ? { period: periodOf(view) } : {}), ...(has('compare') ? { compare: view.compare } : {}),
  });
  return (
    <>
      <PageHead title={<Name>{one.name}</Name>}>
        {mayChange && <Button onPress={() => setParams({ edit: '1' })}>Edit</Button>}
        <ShareLink site={view.site} kind="DASHBOARD" id={one.dashboard_id} name={one.name} />
        {may('schedules:write') && <a class="button second short" href={hrefOf('scheduled-mails', { thing: `DASHBOARD ${one.dashboard_id}`, id: null })}>Send by mail</a>}
        <Button onPress={() => board.current?.requestFullscreen()}>Full screen</Button>
      </PageHead>
      {one.cards.length === 0 ? (
        <Card><Empty title="No card yet"><p>{mayChange ? 'Add a saved view or a text with “Edit”.' : 'Its owner has not added a card.'}</p></Empty></Card>
      ) : (
        <Loaded of={answers} rows={6} tall>{({ cards }) => (
          <div class="screen" ref={board}><Board cards={cards} again={answers.again} leads /></div>
        )}</Loaded>
      )}
    </>
  );
}
