/** A dashboard's cards on its grid, each with its answer or the reason why there is none. */

import { hrefOf } from '../shared/address';
import { sentence } from '../shared/api';
import { Button, Name, Notice } from '../shared/pieces';
import { untilText } from '../shared/report';
import type { CardAnswerOut } from '../types';
import { inReadingOrder, placeStyle } from './dashboard-grid';
import { placeOf } from './view-address';
import { ViewAnswer } from './view-answer';

interface Props {
  cards: readonly CardAnswerOut[];
  again: () => void;
  /** Titles lead to their reports: not for people without an account. */
  leads?: boolean;
}

export function Board({ cards, again, leads = false }: Props) {
  const answers = cards.flatMap(({ answer }) => answer ?? []);
  const [oldest] = [...answers].sort((a, b) => a.data_until.localeCompare(b.data_until));
  return (
    <>
      {oldest && <p class="edge">{untilText(oldest.data_until, oldest.timezone, answers.some(({ incomplete_days: open }) => open.length > 0))}</p>}
      <div class="board">{inReadingOrder(cards).map((card) => <BoardCard key={card.card_id} card={card} again={again} leads={leads} />)}</div>
    </>
  );
}

function BoardCard({ card, again, leads }: { card: CardAnswerOut; again: () => void; leads: boolean }) {
  if (card.kind === 'TEXT') return <section class="card text-card" style={placeStyle(card)}><p><Name>{card.text}</Name></p></section>;
  const title = card.title || card.view_name || 'A view that you do not see';
  const place = leads && card.view_kind && card.question ? placeOf(card.view_kind, card.question, card.view_id ?? '') : null;
  return (
    <section class="card" style={placeStyle(card)} aria-label={title}>
      <div class="card-head"><h2>{place ? <a href={hrefOf(place.page, { ...place.params, id: null })}><Name>{title}</Name></a> : <Name>{title}</Name>}</h2></div>
      {card.answer && card.view_kind
        ? <ViewAnswer kind={card.view_kind} answer={card.answer} question={card.question} columns={card.columns} rows={card.height * 2} />
        : <><Notice look="warn">{sentence(card.problem?.detail ?? 'This card has no answer')}</Notice><Button onPress={again}>Try again</Button></>}
    </section>
  );
}
