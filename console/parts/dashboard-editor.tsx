/** Changes a dashboard: its name, who sees it, and its cards in their order, each with a size. */

import { useState } from 'preact/hooks';
import { hrefOf, setParams } from '../shared/address';
import { ask } from '../shared/api';
import type { Asked } from '../shared/asking';
import { Actions, Check, Field, Form, Row, Submit } from '../shared/form';
import { Button, Card, Empty, Loaded, Name } from '../shared/pieces';
import { PageHead } from '../shared/report';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { isolated, t } from '../shared/words';
import type { DashboardOut, ViewOut } from '../types';
import { inReadingOrder, placeStyle, placed, type OrderedCard } from './dashboard-grid';

const WIDTHS: [number, string][] = [[3, 'A quarter'], [4, 'A third'], [6, 'Half'], [8, 'Two thirds'], [12, 'Full']];
const HEIGHTS: [number, string][] = [[1, 'One line'], [2, 'Low'], [4, 'Medium'], [5, 'High'], [8, 'Very high']];

interface Props { one: DashboardOut; path: string; views: Asked<ViewOut[]>; done: () => void }

export function DashboardEditor({ one, path, views, done }: Props) {
  const { me } = useSession();
  const [cards, setCards] = useState<readonly OrderedCard[]>(() => inReadingOrder(one.cards).map(({ column: _, row: __, ...card }) => card));
  const titleOf = (card: OrderedCard): string => (card.kind === 'TEXT' ? card.text : card.title || views.answer?.find(({ view_id: id }) => id === card.view_id)?.name) || 'Card';
  const save = async ({ name, shared }: Record<string, string>) => {
    await ask<DashboardOut>('PATCH', path, { name, ...(one.owner_id === me.user_id ? { shared: shared === 'on' } : {}), cards: placed(cards), version: one.version });
    say('The dashboard is saved.');
    done();
  };
  return (
    <>
      <PageHead title={t('Edit {name}', { name: one.name })} about="Cards flow from left to right in this order. A card that does not fit begins the next row." />
      <Form class="wide" onSend={save} words={{ 409: 'Somebody else changed this dashboard meanwhile. Reload the page and change it again.' }}>
        <Card>
          <Row><Field name="name" label="Name" required maxLength={100} defaultValue={one.name} /></Row>
          {one.owner_id === me.user_id && <Check name="shared" label="Everybody here sees it" checked={one.shared} />}
        </Card>
        <Card title="Cards">
          {cards.length ? (
            <>
              <div class="board mini" aria-hidden="true">{placed(cards).map((card, at) => <div key={at} style={placeStyle(card)}><span>{isolated(titleOf(cards[at] as OrderedCard))}</span></div>)}</div>
              <ol class="editor-cards">{cards.map((card, at) => <CardLine key={card.card_id ?? `new ${at}`} card={card} at={at} count={cards.length} title={titleOf(card)} change={setCards} />)}</ol>
            </>
          ) : <Empty title="No card yet"><p>Add a saved view or a text.</p></Empty>}
          <Adding views={views} add={(card) => setCards((last) => [...last, card])} />
        </Card>
        <Actions><Submit>Save the dashboard</Submit><Button look="second" onPress={() => setParams({ edit: null })}>Cancel</Button></Actions>
      </Form>
    </>
  );
}

interface LineProps { card: OrderedCard; at: number; count: number; title: string; change: (make: (cards: readonly OrderedCard[]) => readonly OrderedCard[]) => void }

function CardLine({ card, at, count, title, change }: LineProps) {
  const put = (changes: Partial<OrderedCard>) => change((cards) => cards.map((each, place) => (place === at ? { ...each, ...changes } : each)));
  const move = (by: number) => change((cards) => {
    const moved = [...cards];
    moved.splice(at + by, 0, ...moved.splice(at, 1));
    return moved;
  });
  const places = { title };
  const options = (listed: [number, string][], value: number) => (listed.some(([each]) => each === value) ? listed : [...listed, [value, String(value)] as [number, string]])
    .map(([each, text]) => <option key={each} value={each} selected={each === value}>{text}</option>);
  return (
    <li>
      <div class="card-head"><strong><Name>{title}</Name></strong>
        <span class="actions">
          <button type="button" class="step" disabled={at === 0} aria-label={t('Move {title} up', places)} onClick={() => move(-1)}>↑</button>
          <button type="button" class="step" disabled={at === count - 1} aria-label={t('Move {title} down', places)} onClick={() => move(1)}>↓</button>
          <button type="button" class="step" aria-label={t('Remove {title}', places)} onClick={() => change((cards) => cards.filter((_, place) => place !== at))}>×</button>
        </span></div>
      <Row>
        {card.kind === 'TEXT'
          ? <div class="field"><label for={`card-${at}-text`}>Text</label><textarea id={`card-${at}-text`} rows={2} maxLength={2000} value={card.text} onInput={(event) => put({ text: event.currentTarget.value })} /></div>
          : <div class="field"><label for={`card-${at}-title`}>Title</label><input id={`card-${at}-title`} maxLength={100} placeholder="The name of the view" value={card.title} onInput={(event) => put({ title: event.currentTarget.value })} /></div>}
        <div class="field"><label for={`card-${at}-wide`}>Width</label><select id={`card-${at}-wide`} onChange={(event) => put({ width: Number(event.currentTarget.value) })}>{options(WIDTHS, card.width)}</select></div>
        <div class="field"><label for={`card-${at}-tall`}>Height</label><select id={`card-${at}-tall`} onChange={(event) => put({ height: Number(event.currentTarget.value) })}>{options(HEIGHTS, card.height)}</select></div>
      </Row>
    </li>
  );
}

function Adding({ views, add }: { views: Asked<ViewOut[]>; add: (card: OrderedCard) => void }) {
  const [chosen, choose] = useState('');
  const text = <Button onPress={() => add({ kind: 'TEXT', view_id: '', title: '', text: 'A text', width: 12, height: 1 })}>Add a text</Button>;
  return (
    <div class="after-form">
      <Loaded of={views} rows={1}>{(all) => {
        const listed = all.filter(({ kind }) => kind !== 'SEGMENT');
        return listed.length ? (
        <div class="actions">
          <select class="line-select" aria-label="A saved view" onChange={(event) => choose(event.currentTarget.value)}>
            {listed.map((view) => <option key={view.view_id} value={view.view_id} selected={view.view_id === chosen}>{view.name}</option>)}
          </select>
          <Button onPress={() => add({ kind: 'VIEW', view_id: chosen || listed[0]?.view_id || '', title: '', text: '', width: 6, height: 4 })}>Add the view</Button>
          {text}
        </div>
        ) : <div class="actions"><span class="soft">A card shows a <a href={hrefOf('views')}>saved view</a>: save one on a report first.</span>{text}</div>;
      }}</Loaded>
    </div>
  );
}
