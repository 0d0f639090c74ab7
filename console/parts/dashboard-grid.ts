/** A dashboard's cards in the order of reading, and their places on its grid of 12 columns. */

import type { CardIn } from '../types';

export const COLUMNS = 12;

/** A card as the editor has it: its place follows from its order and size. */
export type OrderedCard = Omit<CardIn, 'column' | 'row'> & { width: number; height: number };

export const inReadingOrder = <Card extends { row?: number; column?: number }>(cards: readonly Card[]): Card[] => (
  [...cards].sort((a, b) => (a.row ?? 0) - (b.row ?? 0) || (a.column ?? 0) - (b.column ?? 0))
);

/** Places cards from left to right; one that does not fit begins the next row, below the highest of this one. */
export function placed(cards: readonly OrderedCard[]): CardIn[] {
  let [column, row, highest] = [0, 0, 0];
  return cards.map((card) => {
    if (column + card.width > COLUMNS) [column, row, highest] = [0, row + highest, 0];
    const here: CardIn = { ...card, column, row };
    column += card.width;
    highest = Math.max(highest, card.height);
    return here;
  });
}

/** Where a card lies, for the style sheet. */
export const placeStyle = ({ column = 0, row = 0, width = 6, height = 4 }: CardIn) => ({
  '--column': String(column + 1), '--row': String(row + 1), '--wide': String(width), '--tall': String(height),
});
