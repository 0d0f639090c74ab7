/** What the reports of behaviour share: the body of their questions, and the line with days and age under a heading. */

import { rangeText } from '../shared/days';
import { Notice } from '../shared/pieces';
import { untilText } from '../shared/report';
import type { NoteOut, PeriodOut } from '../types';

interface Behaviour { timezone: string; period: PeriodOut; data_until: string; incomplete_days: string[]; notes: NoteOut[] }

export function BehaviourEdge({ found }: { found: Behaviour }) {
  return (
    <>
      <p class="edge">{[rangeText(found.period.from, found.period.to), untilText(found.data_until, found.timezone, found.incomplete_days.length > 0)].join(' · ')}</p>
      <Notes found={found} />
    </>
  );
}

/** Sentences that a reader of the numbers has to know. */
export const Notes = ({ found }: { found: Pick<Behaviour, 'notes'> }) => (
  <>{found.notes.map(({ kind, text }) => <Notice key={kind} look={kind === 'NOTHING_FOUND' ? 'warn' : 'plain'}>{text}</Notice>)}</>
);
