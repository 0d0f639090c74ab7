/** The steps of a funnel: events with filters, in order. They stand in the address. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { VALUES, dimensionsOf } from '../shared/catalogue';
import { OPERATORS, filtersText, needsValue, readFilters, type Filter, type Group, type Operator } from '../shared/filters';
import { eventText, valueTitle } from '../shared/format';
import { t } from '../shared/words';
import { useValues } from '../shared/values';
import type { View } from '../shared/view';

export interface Step { event: string; filters: readonly Group[] }

/** `page_view?page~is~/pricing!Order Completed` */
export const stepsText = (steps: readonly Step[]): string => steps.map(({ event, filters }) => (
  [encodeURIComponent(event).replaceAll('!', '%21'), ...(filters.length ? [filtersText(filters)] : [])].join('?')
)).join('!');

/** `Order Completed: Email` */
export const nameOf = ({ event, filters }: Step): string => [event ? eventText(event) : 'Any event', ...filters.map((group) => group.map(({ dimension, values }) => values.map((value) => valueTitle(dimension, value)).join(' or ')).join(' or '))].filter(Boolean).join(': ');

export function readSteps(text: string): Step[] {
  return text.split('!').filter(Boolean).map((part) => {
    const [event = '', where = ''] = part.split('?');
    try {
      return { event: decodeURIComponent(event), filters: readFilters(where)[0] };
    } catch {
      return { event: '', filters: [] };
    }
  });
}

interface Props { steps: readonly Step[]; events: readonly string[]; count: (step: Step) => ComponentChildren; most: number; onChange: (steps: Step[]) => void; fixed?: boolean; names?: readonly string[]; view: View }

export function StepsEditor({ steps, events, count, most, onChange, fixed = false, names = [], view }: Props) {
  const known = dimensionsOf(view.site).filter(([name, { sources }]) => sources.includes('events') && name !== 'event');
  const put = (at: number, step: Step) => onChange(steps.map((each, place) => (place === at ? step : each)));
  const move = (from: number, to: number) => {
    const changed = [...steps];
    changed.splice(to, 0, ...changed.splice(from, 1));
    onChange(changed);
  };
  return (
    <>
      <ol class="funnel-steps">{steps.map((step, at) => (
        <li key={at}>
          <div class="funnel-step">
            <span class="soft">{names[at] ?? `${at + 1}.`}</span>
            <select aria-label={t('Event of step {number}', { number: at + 1 })} value={step.event} onChange={(event) => put(at, { ...step, event: event.currentTarget.value })}>
              <option value="" selected={step.event === ''}>Any event</option>
              {[...new Set([step.event, ...events])].filter(Boolean).map((name) => <option key={name} value={name} selected={name === step.event}>{eventText(name)}</option>)}
            </select>
            <span class="soft small">{count(step)}</span>
            {!fixed && (
              <span class="actions">
                <button type="button" class="step" disabled={at === 0} aria-label={t('Move step {number} up', { number: at + 1 })} onClick={() => move(at, at - 1)}>↑</button>
                <button type="button" class="step" disabled={at === steps.length - 1} aria-label={t('Move step {number} down', { number: at + 1 })} onClick={() => move(at, at + 1)}>↓</button>
                <button type="button" class="step" disabled={steps.length < 3} aria-label={t('Remove step {number}', { number: at + 1 })} onClick={() => onChange(steps.filter((_, place) => place !== at))}>×</button>
              </span>
            )}
          </div>
          {step.filters.map((group, place) => (
            <StepGroup key={place} view={view} number={at + 1} group={group} known={known}
              onChange={(changed) => put(at, { ...step, filters: step.filters.flatMap((each, index) => (index !== place ? [each] : changed.length ? [changed] : [])) })} />
          ))}
          <button type="button" class="link small" onClick={() => put(at, { ...step, filters: [...step.filters, [NEW_FILTER]] })}>{t('Add a filter to step {number}', { number: at + 1 })}</button>
        </li>
      ))}</ol>
      {!fixed && steps.length < most && <button type="button" class="button second short" onClick={() => onChange([...steps, { event: events[0] ?? '', filters: [] }])}>Add a step</button>}
    </>
  );
}

/** The filter by another dimension, whose first value it has where there are few. */
const by = (filter: Filter, dimension: string): Filter => ({ ...filter, dimension, values: filter.values.length ? [Object.keys(VALUES[dimension] ?? {})[0] ?? ''] : [] });

const NEW_FILTER: Filter = { dimension: 'page', operator: 'is', values: [''] };

interface GroupProps { view: View; number: number; group: Group; known: readonly (readonly [string, { title: string }])[]; onChange: (group: Group) => void }

/** Filters of which one is enough. */
function StepGroup({ view, number, group, known, onChange }: GroupProps) {
  return (
    <div>
      {group.map((filter, place) => (
        <StepFilter key={place} view={view} number={number} filter={filter} known={known} before={place ? 'or' : ''} onChange={(changed) => onChange(group.map((each, index) => (index === place ? changed : each)))}
          remove={() => onChange(group.filter((_, index) => index !== place))} />
      ))}
      <button type="button" class="link small" aria-label={t('Or another filter of step {number}', { number })} onClick={() => onChange([...group, NEW_FILTER])}>Or …</button>
    </div>
  );
}

function StepFilter({ view, number, filter, known, before, onChange, remove }: Omit<GroupProps, 'group' | 'onChange'> & { filter: Filter; before: string; onChange: (filter: Filter) => void; remove: () => void }) {
  const fixed = Object.entries(VALUES[filter.dimension] ?? {});
  const values = useValues(view, filter.dimension);
  const list = useId();
  return (
    <div class="funnel-filter">
      {before && <span class="soft small">{before}</span>}
      <select aria-label={t('Filter of step {number} by', { number })} value={filter.dimension} onChange={(event) => onChange(by(filter, event.currentTarget.value))}>
        {known.map(([name, { title }]) => <option key={name} value={name} selected={name === filter.dimension}>{title}</option>)}</select>
      <select aria-label={t('How the filter of step {number} compares', { number })} value={filter.operator}
        onChange={(event) => {
          const operator = event.currentTarget.value as Operator;
          onChange({ ...filter, operator, values: needsValue(operator) ? filter.values.length ? filter.values : [''] : [] });
        }}>
        {Object.entries(OPERATORS).map(([name, text]) => <option key={name} value={name} selected={name === filter.operator}>{text}</option>)}</select>
      {needsValue(filter.operator) && (fixed.length ? (
        <select aria-label={t('Value of the filter of step {number}', { number })} value={filter.values[0] ?? ''} onChange={(event) => onChange({ ...filter, values: [event.currentTarget.value] })}>
          {fixed.map(([value, text]) => <option key={value} value={value} selected={value === filter.values[0]}>{text}</option>)}</select>
      ) : (
        <>
          <input aria-label={t('Value of the filter of step {number}', { number })} list={list} value={filter.values[0] ?? ''} onChange={(event) => onChange({ ...filter, values: [event.currentTarget.value] })} />
          <datalist id={list}>{values.map((one) => <option key={one} value={one} />)}</datalist>
        </>
      ))}
      <button type="button" class="step" aria-label={t('Remove the filter of step {number}', { number })} onClick={remove}>×</button>
    </div>
  );
}
