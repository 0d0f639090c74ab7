import { Refusal } from '../shared/api';
import { isValue, knows } from '../shared/filters';
import { count } from '../shared/format';
import { filtersOf, useQuestion } from '../shared/question';
import type { View } from '../shared/view';
import { plural } from '../shared/words';
import type { Step } from './steps-editor';

/** How many people did what a step asks for, whatever the order. */
export function StepCount({ view, step }: { view: View; step: Step }) {
  const event = step.event ? [isValue('event', step.event)] : [];
  const known = knows('events', filtersOf(view));
  const found = useQuestion({ ...view, conversion: '' }, known ? { metrics: ['event_people'], filters: [...event, ...step.filters], compare: 'NONE' } : null);
  if (found.error instanceof Refusal && found.error.status === 400) return <span class="bad-text">not complete</span>;
  const people = found.answer?.totals.values[0];
  return people == null ? null : <span title={count(people)}>{plural(people, { one: '{n} person', other: '{n} people' })}</span>;
}
