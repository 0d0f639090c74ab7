/** Filters: chips with what is set, and a form that adds one. */

import { useState } from 'preact/hooks';
import { dimensionOf, dimensionTitle, dimensionsOf } from '../shared/catalogue';
import { OPERATORS, filtersText, needsValue, type Filter, type Operator } from '../shared/filters';
import { valueText } from '../shared/format';
import { Popover } from '../shared/pieces';
import { useQuestion } from '../shared/question';
import type { View } from '../shared/view';
import { Segments } from './segments';
import { t } from '../shared/words';

export function Filters({ filters, view, onChange }: { filters: Filter[]; view: View; onChange: (where: string | null) => void }) {
  const put = (changed: Filter[]) => onChange(filtersText(changed) || null);
  const words = (one: Filter) => [dimensionTitle(one.dimension), OPERATORS[one.operator], one.values.map(valueText).join(' or ')].join(' ');
  return (
    <div class="filters" data-key="filters">
      {filters.map((one, place) => (
        <span class="chip" key={words(one)}><span>{words(one)}</span>
          <button type="button" aria-label={t('Remove the filter {words}', { words: words(one) })} onClick={() => put(filters.filter((_, at) => at !== place))}>×</button></span>
      ))}
      <Popover id="filter-panel" look="pick-button add" opener="Add a filter">
        <Adding view={view} add={(one) => put([...filters, one])} />
        <Segments site={view.site} filters={filters} use={put} />
      </Popover>
    </div>
  );
}

function Adding({ view, add }: { view: View; add: (filter: Filter) => void }) {
  const [dimension, setDimension] = useState('channel');
  const [operator, setOperator] = useState<Operator>('is');
  const [value, setValue] = useState('');
  const source = dimensionOf(dimension)?.sources.find((one) => one !== 'ads' && one !== 'ledger');
  const known = useQuestion(view, source ? { metrics: [source], dimensions: [dimension], filters: [], limit: 50, compare: 'NONE' } : null);
  const send = (event: Event) => {
    event.preventDefault();
    add({ dimension, operator, values: needsValue(operator) ? [value] : [] });
    setValue('');
  };
  return (
    <form class="filter-form" onSubmit={send}>
      <div class="field"><label for="filter-by">Filter by</label><select id="filter-by" value={dimension} onChange={(event) => setDimension(event.currentTarget.value)}>
        {dimensionsOf(view.site).filter(([name]) => name !== 'conversion').map(([name, { title }]) => <option key={name} value={name}>{title}</option>)}</select></div>
      <div class="field"><label for="filter-how">How</label><select id="filter-how" value={operator} onChange={(event) => setOperator(event.currentTarget.value as Operator)}>
        {Object.entries(OPERATORS).map(([name, text]) => <option key={name} value={name}>{text}</option>)}</select></div>
      {needsValue(operator) && (
        <div class="field"><label for="filter-value">Value</label><input id="filter-value" list="filter-values" value={value} required={operator !== 'is' && operator !== 'is_not'} autocomplete="off" onInput={(event) => setValue(event.currentTarget.value)} />
          <datalist id="filter-values">{known.answer?.rows.map(({ keys }) => keys[0] && <option key={keys[0]} value={keys[0]} />)}</datalist></div>
      )}
      <div class="actions"><button class="button short">Add the filter</button></div>
    </form>
  );
}
