/** Filters: chips with what is set, and a form that adds one. */

import { useState } from 'preact/hooks';
import { VALUES, dimensionsOf } from '../shared/catalogue';
import { OPERATORS, filtersText, needsValue, wordsOf, type Filter, type Group, type Operator } from '../shared/filters';
import { Popover } from '../shared/pieces';
import { idsText } from '../shared/segments';
import { useValues } from '../shared/values';
import type { View } from '../shared/view';
import { Segments } from './segments';
import { t } from '../shared/words';

type Change = (changes: Record<string, string | null>) => void;

export function Filters({ view, onChange }: { view: View; onChange: Change }) {
  const { filters, segments } = view;
  const put = (changed: readonly Group[]) => onChange({ where: filtersText(changed) || null });
  // The panel closes when something was chosen in it.
  const [round, setRound] = useState(0);
  const chosen = (changes: Record<string, string | null>) => {
    onChange(changes);
    setRound(round + 1);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-key=filters] .pick-button')?.focus());
  };
  return (
    <div class="filters" data-key="filters">
      {segments.map(({ id, name }) => (
        <Chip key={id} words={t('Segment: {name}', { name })} remove={() => onChange({ segment: idsText(segments.flatMap((one) => (one.id === id ? [] : one.id))) })} />
      ))}
      {filters.map((group, place) => <Chip key={wordsOf(group)} words={wordsOf(group)} remove={() => put(filters.filter((_, at) => at !== place))} />)}
      <Popover key={round} id="filter-panel" look="pick-button add" opener="Add a filter">
        <Adding view={view} add={(one, place) => chosen({ where: filtersText(place < 0 ? [...filters, [one]] : filters.map((group, at) => (at === place ? joined(group, one) : group))) })} />
        <Segments view={view} use={chosen} />
      </Popover>
    </div>
  );
}

const Chip = ({ words, remove }: { words: string; remove: () => void }) => (
  <span class="chip"><span>{words}</span><button type="button" aria-label={t('Remove the filter {words}', { words })} onClick={remove}>×</button></span>
);

/** A group with one filter more; of the same comparison it is one more value. */
function joined(group: Group, more: Filter): Group {
  const same = (one: Filter) => one.dimension === more.dimension && one.operator === more.operator && one.operator !== 'is_not';
  if (!group.some(same)) return [...group, more];
  return group.map((one) => (same(one) ? { ...one, values: [...new Set([...one.values, ...more.values])] } : one));
}

function Adding({ view, add }: { view: View; add: (filter: Filter, place: number) => void }) {
  const [dimension, setDimension] = useState('channel');
  const [operator, setOperator] = useState<Operator>('is');
  const [value, setValue] = useState('');
  const [place, setPlace] = useState(-1);
  const fixed = Object.entries(VALUES[dimension] ?? {});
  const known = useValues(view, dimension);
  const send = (event: Event) => {
    event.preventDefault();
    add({ dimension, operator, values: needsValue(operator) ? [value || fixed[0]?.[0] || ''] : [] }, place);
  };
  return (
    <form class="filter-form" onSubmit={send}>
      {view.filters.length > 0 && (
        <div class="field"><label for="filter-join">Beside the others</label><select id="filter-join" value={String(place)} onChange={(event) => setPlace(Number(event.currentTarget.value))}>
          <option value="-1">and: it must match too</option>
          {view.filters.map((group, at) => <option key={wordsOf(group)} value={String(at)}>{t('or: this, or {words}', { words: wordsOf(group) })}</option>)}</select></div>
      )}
      <div class="field"><label for="filter-by">Filter by</label><select id="filter-by" value={dimension} onChange={(event) => { setDimension(event.currentTarget.value); setValue(''); }}>
        {dimensionsOf(view.site).filter(([name]) => name !== 'conversion').map(([name, { title }]) => <option key={name} value={name}>{title}</option>)}</select></div>
      <div class="field"><label for="filter-how">How</label><select id="filter-how" value={operator} onChange={(event) => setOperator(event.currentTarget.value as Operator)}>
        {Object.entries(OPERATORS).map(([name, text]) => <option key={name} value={name}>{text}</option>)}</select></div>
      {needsValue(operator) && (
        <div class="field"><label for="filter-value">Value</label>
          {fixed.length ? (
            <select id="filter-value" value={value} onChange={(event) => setValue(event.currentTarget.value)}>{fixed.map(([name, text]) => <option key={name} value={name}>{text}</option>)}</select>
          ) : (
            <>
              <input id="filter-value" list="filter-values" value={value} required={operator !== 'is' && operator !== 'is_not'} autocomplete="off" onInput={(event) => setValue(event.currentTarget.value)} />
              <datalist id="filter-values">{known.map((one) => <option key={one} value={one} />)}</datalist>
            </>
          )}</div>
      )}
      <div class="actions"><button class="button short">Add the filter</button></div>
    </form>
  );
}
