/** The filter bar of reports. All that is chosen here stands in the address. */

import { useContext, useState } from 'preact/hooks';
import { setParams, useAddress } from '../shared/address';
import { PERIODS, isDay, plusDays, rangeText, todayIn, type Period } from '../shared/days';
import { wordsOf } from '../shared/filters';
import { MODELS, MODEL_NAMES } from '../shared/models';
import { Pick } from '../shared/pick';
import { Popover } from '../shared/pieces';
import { useSession } from '../shared/session';
import { Bar, COMPARISONS, viewOf, type Basis, type View } from '../shared/view';
import { Filters } from './filters';
import { t } from '../shared/words';
import type { BarPart, PageInfo } from './pages';

export function FilterBar({ info, faults }: { info: PageInfo | undefined; faults: ReadonlyMap<string, string> }) {
  const url = useAddress();
  const { sites } = useSession();
  const { segments } = useContext(Bar);
  const view = viewOf(url.searchParams, sites, info?.usual, segments);
  const [open, setOpen] = useState(false);
  const parts = info?.bar ?? [];
  if (!view || !parts.length) return null;
  const has = (part: BarPart) => parts.includes(part);
  // Nothing is chosen in place of what does not exist.
  const chosen = (name: string, value: string) => (faults.has(name) ? '?' : value);
  /** Changes a part; what is wrong or unknown in the address beside it goes. */
  const savedHere = (...names: string[]) => Boolean(info?.asSaved) && !names.some((name) => url.searchParams.get(name));
  const set = (changes: Record<string, string | null>) => {
    const unknown = [...faults.keys()].filter((name) => faults.get(name)?.startsWith('This link has an unknown'));
    setParams({ ...Object.fromEntries(unknown.map((name) => [name, null])), ...changes });
  };
  return (
    <section class={`filter-bar ${open ? 'open' : ''}`} aria-label="What the report shows">
      {has('period') && <PeriodChoice view={view} set={set} saved={savedHere('period', 'from', 'to')} canSave={info?.asSaved} wrong={faults.has('from') || faults.has('to') || faults.has('period')} />}
      {parts.length > 1 && <button type="button" class="pick-button more-filters" aria-expanded={open} onClick={() => setOpen(!open)}>More choices</button>}
      {has('compare') && <Pick name="Comparison" value={savedHere('compare') ? '' : chosen('compare', view.compare)} options={[...(info?.asSaved ? [['', AS_SAVED] as [string, string]] : []), ...Object.entries(COMPARISONS)]} onPick={(compare) => set({ compare })} />}
      {has('conversion') && <Pick name="Conversion" value={view.conversion} options={conversionsOf(view)} onPick={(conversion) => set({ conversion })} />}
      {has('model') && <Pick name="Model" value={chosen('model', view.model)} onPick={(model) => set({ model })}
        options={[['', 'Site default'], ...MODEL_NAMES.map((model): [string, string] => [model, MODELS[model][0]])]} />}
      {has('basis') && <Pick name="Money by day of" value={chosen('basis', view.basis)} options={DAYS_OF} onPick={(basis) => set({ basis })} />}
      {has('filters') ? <Filters view={view} onChange={set} /> : <Unused view={view} set={set} />}
    </section>
  );
}

/** Filters of the address that the page cannot use. */
function Unused({ view, set }: { view: View; set: (changes: Record<string, string | null>) => void }) {
  const words = [...view.segments.map(({ name }) => name), ...view.filters.map(wordsOf)];
  if (!words.length) return null;
  return (
    <p class="unused">{t('Not filtered by: {filters}. This page cannot use filters.', { filters: words.join('; ') })}{' '}
      <button type="button" class="link" onClick={() => set({ where: null, segment: null })}>Remove them</button></p>
  );
}

const DAYS_OF: [Basis, string][] = [['CONVERSION_DAY', 'conversion'], ['TOUCH_DAY', 'touch']];
const AS_SAVED = 'As saved';

const conversionsOf = (view: View): [string, string][] => [
  ['', 'All'], ...view.site.conversion_events.map((name): [string, string] => [name, name]),
  ...(view.conversion && !view.site.conversion_events.includes(view.conversion) ? [[view.conversion, view.conversion] as [string, string]] : []),
];

interface PeriodProps {
  view: View;
  set: (changes: Record<string, string | null>) => void;
  wrong: boolean;
  /** The days are those that were saved. */
  saved: boolean;
  canSave?: boolean;
}

function PeriodChoice({ view, set, wrong, saved, canSave }: PeriodProps) {
  const name = saved ? AS_SAVED : view.period === 'days' ? rangeText(view.from, view.to) : PERIODS[view.period];
  const day = (which: 'from' | 'to') => (event: Event) => {
    const value = (event.currentTarget as HTMLInputElement).value;
    if (isDay(value)) set({ from: view.from, to: view.to, period: null, [which]: value });
  };
  const move = (direction: number) => {
    const days = Math.round((Date.parse(view.to) - Date.parse(view.from)) / 86_400_000) + 1;
    set({ period: null, from: plusDays(view.from, direction * days), to: plusDays(view.to, direction * days) });
  };
  return (
    <div class="period" data-key="period">
      <Popover id="period-panel" look="pick-button" opener={<><span class="pick-name">Days</span> {wrong ? 'Choose one' : name}</>}>
        <fieldset class="presets">
          <legend>Days</legend>
          {canSave && <label><input type="radio" name="period" checked={saved} onChange={() => set({ period: null, from: null, to: null })} /> {AS_SAVED}</label>}
          {(Object.entries(PERIODS) as [Period, string][]).map(([period, text]) => (
            <label key={period}><input type="radio" name="period" checked={!wrong && !saved && view.period === period} onChange={() => set({ period, from: null, to: null })} /> {text}</label>
          ))}
        </fieldset>
        <div class="row">
          <div class="field"><label for="from-day">From</label><input id="from-day" type="date" value={wrong ? '' : view.from} onChange={day('from')} /></div>
          <div class="field"><label for="to-day">To</label><input id="to-day" type="date" value={wrong ? '' : view.to} onChange={day('to')} /></div>
        </div>
        <p class="hint">Days are those of {view.site.timezone}.</p>
      </Popover>
      <button type="button" class="step" aria-label="The days before" onClick={() => move(-1)}>‹</button>
      <button type="button" class="step" aria-label="The days after" disabled={view.to >= todayIn(view.site.timezone)} onClick={() => move(1)}>›</button>
    </div>
  );
}
