// {"title": "Dashboard", "needs": "reports:read", "bar": ["period", "compare"], "asSaved": true, "params": {"id": [], "edit": ["1"]}}
/** One dashboard: its cards with their answers, or the editor of its cards. */

import { useRef } from 'preact/hooks';
import { DashboardEditor } from '../../parts/dashboard-editor';
import { inReadingOrder, placeStyle } from '../../parts/dashboard-grid';
import { periodOf } from '../../parts/behaviour';
import { placeOf } from '../../parts/view-address';
import { ViewAnswer } from '../../parts/view-answer';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { askAll, sentence } from '../../shared/api';
import { useAsked, useGet, usePost } from '../../shared/asking';
import { Button, Card, Empty, Loaded, Name, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { useView } from '../../shared/view';
import { plural } from '../../shared/words';
import type { CardAnswerOut, DashboardAnswerOut, DashboardOut, ViewOut } from '../../types';

export default function Dashboard() {
  const url = useAddress();
  const { site } = useView();
  const { me, may } = useSession();
  const id = url.searchParams.get('id') ?? '';
  const path = `/v1/sites/${site.site_id}/dashboards/${encodeURIComponent(id)}`;
  const found = useGet<DashboardOut>(id ? path : '');
  const views = useAsked<ViewOut[]>(id ? `views of ${site.site_id}` : '', () => askAll(`/v1/sites/${site.site_id}/views?limit=100`));
  if (!id) return <Empty title="No dashboard is chosen"><p><a href={hrefOf('dashboards')}>Choose one from the list</a>.</p></Empty>;
  const done = () => {
    setParams({ edit: null });
    found.again();
  };
  return (
    <Loaded of={found} rows={6} tall>{(one) => {
      const mayChange = may('dashboards:write') && (one.shared || one.owner_id === me.user_id);
      return url.searchParams.get('edit') && mayChange
        ? <DashboardEditor one={one} path={path} views={views} done={done} />
        : <Shown one={one} path={path} views={views.answer ?? []} mayChange={mayChange} />;
    }}</Loaded>
  );
}

function Shown({ one, path, views, mayChange }: { one: DashboardOut; path: string; views: readonly ViewOut[]; mayChange: boolean }) {
  const view = useView();
  const url = useAddress();
  const board = useRef<HTMLDivElement>(null);
  const has = (...names: string[]) => names.some((name) => url.searchParams.get(name));
  const answers = usePost<DashboardAnswerOut>(`${path}/query`, {
    ...(has('period', 'from', 'to') ? { period: periodOf(view) } : {}), ...(has('compare') ? { compare: view.compare } : {}),
  });
  return (
    <>
      <PageHead title={<Name>{one.name}</Name>} about={plural(one.cards.length, { one: '{n} card', other: '{n} cards' })}>
        {mayChange && <Button onPress={() => setParams({ edit: '1' })}>Edit</Button>}
        <Button onPress={() => board.current?.requestFullscreen()}>Full screen</Button>
      </PageHead>
      {one.cards.length === 0 ? (
        <Card><Empty title="No card yet"><p>{mayChange ? 'Add a saved view or a text with “Edit”.' : 'Its owner has not added a card.'}</p></Empty></Card>
      ) : (
        <Loaded of={answers} rows={6} tall>{({ cards }) => (
          <div class="board" ref={board}>{inReadingOrder(cards).map((card) => <Shell key={card.card_id} card={card} view={views.find(({ view_id: id }) => id === card.view_id)} again={answers.again} />)}</div>
        )}</Loaded>
      )}
    </>
  );
}

function Shell({ card, view, again }: { card: CardAnswerOut; view: ViewOut | undefined; again: () => void }) {
  if (card.kind === 'TEXT') return <section class="card text-card" style={placeStyle(card)}><p><Name>{card.text}</Name></p></section>;
  const title = card.title || card.view_name || 'A view that is not here';
  const place = view && placeOf(view.kind, view.question);
  return (
    <section class="card" style={placeStyle(card)} aria-label={title}>
      <div class="card-head"><h2>{place ? <a href={hrefOf(place.page, { ...place.params, id: null })}><Name>{title}</Name></a> : <Name>{title}</Name>}</h2></div>
      {card.answer && card.view_kind
        ? <ViewAnswer kind={card.view_kind} answer={card.answer} question={view?.question ?? null} columns={card.columns} rows={card.height * 2} />
        : <><Notice look="warn">{sentence(card.problem?.detail ?? 'This card has no answer')}</Notice><Button onPress={again}>Try again</Button></>}
    </section>
  );
}
