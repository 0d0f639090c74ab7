/** Bars of a funnel: who reached each step, who dropped off before it, and how long it took. */

import { count, duration, percent } from '../shared/format';
import { Figure } from '../shared/figure';
import { t } from '../shared/words';
import type { Who } from './step-people';
import type { FunnelStepOut } from '../types';

interface Props {
  steps: readonly FunnelStepOut[];
  names: readonly string[];
  summary: string;
  /** Shows the people behind a number; left out where nobody may see them. */
  onWho?: (who: Who) => void;
}

export function FunnelChart({ steps, names, summary, onWho }: Props) {
  const first = steps[0]?.units ?? 0;
  return (
    <Figure summary={summary} table={<Table steps={steps} names={names} />}>
      <ol class="funnel">{steps.map((step, at) => {
        const before = steps[at - 1];
        const lost = before ? before.units - step.units : 0;
        return (
          <li key={at}>
            <div class="funnel-name"><span class="soft">{at + 1}</span> <strong>{names[at]}</strong></div>
            <div class="funnel-track" style={{ '--part': String(first ? (step.units / first).toFixed(4) : 0) }}><span class="funnel-bar" /></div>
            <div class="funnel-numbers">
              <strong class="number">{onWho && step.units > 0 ? <button type="button" class="row-link who" aria-label={t('{count} reached {step}: who?', { count: count(step.units), step: names[at] ?? '' })} onClick={() => onWho({ step: at + 1, reached: 'REACHED' })}>{count(step.units)}</button> : count(step.units)}</strong> <span>{percent(step.from_first)}</span>
              {before && <span class="soft small">{t('{share} of the step before', { share: percent(step.from_previous) })}</span>}
              {lost > 0 && <Lost text={t('{count} did not get here', { count: count(lost) })} show={onWho && (() => onWho({ step: at, reached: 'NOT_NEXT' }))} />}
              {step.p50_ms != null && <span class="soft small">{t('median {p50}, 9 of 10 within {p90}', { p50: duration(step.p50_ms), p90: duration(step.p90_ms) })}</span>}
            </div>
          </li>
        );
      })}</ol>
    </Figure>
  );
}

const Lost = ({ text, show }: { text: string; show?: () => void }) => (
  show ? <button type="button" class="bad-text small row-link who" aria-label={t('{text}: who?', { text })} onClick={show}>{text}</button> : <span class="bad-text small">{text}</span>
);

const Table = ({ steps, names }: Pick<Props, 'steps' | 'names'>) => (
  <table>
    <thead><tr><th scope="col">Step</th><th scope="col" class="number">Reached</th><th scope="col" class="number">Of the first</th><th scope="col" class="number">Of the step before</th><th scope="col" class="number">Median time</th></tr></thead>
    <tbody>{steps.map((step, at) => (
      <tr key={at}><th scope="row">{names[at]}</th><td class="number">{count(step.units)}</td><td class="number">{percent(step.from_first)}</td><td class="number">{percent(step.from_previous)}</td><td class="number">{step.p50_ms == null ? '–' : duration(step.p50_ms)}</td></tr>
    ))}</tbody>
  </table>
);
