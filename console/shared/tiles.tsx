/** Tiles: a number with its change, and its line over the days. */

import { METRICS, metricTitle } from './catalogue';
import { metricText } from './format';
import { Sparkline } from './line-chart';
import { Term } from './pieces';
import { beforeOf, valueOf, type Answer } from './question';
import { Delta } from './table';
import { t } from './words';

interface TileProps { metric: string; answer: Answer; chosen?: boolean; onChoose?: () => void; href?: string }

export function MetricTile({ metric, answer, chosen, onChoose, href }: TileProps) {
  const now = valueOf(answer, answer.totals, metric);
  const before = beforeOf(answer, answer.totals, metric);
  const exact = metricText(metric, now, answer.currency);
  const value = <span class="tile-value" title={exact}>{metricText(metric, now, answer.currency, true)}</span>;
  const lines = answer.dimensions.length ? answer.rows.map((row) => valueOf(answer, row, metric)) : [];
  return (
    <div class="tile" data-chosen={chosen}>
      <span class="tile-name">
        <span>{href ? <a href={href}>{metricTitle(metric)}</a> : metricTitle(metric)}<Term about={METRICS[metric]?.about ?? ''}>{null}</Term></span>
      </span>
      {onChoose ? <button type="button" class="tile-button" aria-pressed={chosen} onClick={onChoose}>{value}<span class="quiet">{t(', show {metric} in the chart', { metric: metricTitle(metric) })}</span></button> : value}
      <span class="tile-more">
        {answer.totals.before.length ? <Delta now={now} before={before} less={METRICS[metric]?.less} text={t('Before: {value}', { value: metricText(metric, before, answer.currency) })} /> : <span />}
        <Sparkline values={lines} />
      </span>
    </div>
  );
}
