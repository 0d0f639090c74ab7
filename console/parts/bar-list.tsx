/** Bars below one another, each with its name and number. */

import { Figure } from '../shared/figure';
import { isolated } from '../shared/words';

export interface Bar { name: string; value: number; text: string; colour?: number }

export function BarList({ bars, summary, head, things = 'Conversions', quiet }: { bars: readonly Bar[]; summary: string; head: string; things?: string; quiet?: boolean }) {
  const most = Math.max(...bars.map(({ value }) => value), 1);
  return (
    <Figure summary={summary} quiet={quiet} table={(
      <table><thead><tr><th scope="col">{head}</th><th scope="col" class="number">{things}</th></tr></thead>
        <tbody>{bars.map((bar) => <tr key={bar.name}><th scope="row">{bar.name}</th><td class="number">{bar.text}</td></tr>)}</tbody></table>
    )}>
      <ul class="bar-list">{bars.map((bar) => (
        <li key={bar.name} class={`c${bar.colour ?? 1}`}><span>{isolated(bar.name)}</span><span class="bar-track" style={{ '--part': String((bar.value / most).toFixed(4)) }} /><b class="number">{bar.text}</b></li>
      ))}</ul>
    </Figure>
  );
}
