/** What the reports of behaviour share: the body of their questions, and the line with days and age under a heading. */

import { rangeText } from '../shared/days';
import type { Filter } from '../shared/filters';
import { Notice } from '../shared/pieces';
import { untilText } from '../shared/report';
import type { NoteOut, PeriodOut } from '../types';

interface Behaviour { timezone: string; period: PeriodOut; data_until: string; incomplete_days: string[]; notes: NoteOut[] }

/** Filters as the API takes them. */
export const sent = (filters: readonly Filter[]) => filters.map(({ dimension, operator, values }) => ({ dimension, operator, values })) as never[];

export function BehaviourEdge({ found }: { found: Behaviour }) {
  return (
    <>
      <p class="edge">{[rangeText(found.period.from, found.period.to), untilText(found.data_until, found.timezone, found.incomplete_days.length > 0)].join(' · ')}</p>
      {found.notes.map(({ kind, text }) => <Notice key={kind} look="plain">{text}</Notice>)}
    </>
  );
}
