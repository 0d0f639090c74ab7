/** How long it took from a touch to the conversion: half, nine of ten, and bars by length. */

import { count, duration } from '../shared/format';
import { t } from '../shared/words';
import type { LagsOfOut } from '../types';
import { BarList } from './bar-list';

const BINS: Record<string, string> = {
  0: 'At once', '<1h': 'Under 1 hour', '<1d': '1 to 24 hours', '1-3d': '1 to 3 days', '4-7d': '4 to 7 days', '8-14d': '8 to 14 days', '15-30d': '15 to 30 days', '31-60d': '31 to 60 days', '61-90d': '61 to 90 days', '>90d': 'Over 90 days',
};

/** `title` says from which touch. */
export function Lags({ title, lags, bins }: { title: string; lags: LagsOfOut; bins: readonly string[] }) {
  const places = { p50: duration(lags.p50_ms), p90: duration(lags.p90_ms) };
  return (
    <>
      <p class="lead">{t('Half convert within {p50}, nine of ten within {p90}.', places)}</p>
      <BarList summary={t('{title}: half within {p50}, nine of ten within {p90}.', { title, ...places })} head="Time" quiet
        bars={bins.map((bin, at) => ({ name: BINS[bin] ?? bin, value: lags.bins[at] ?? 0, text: count(lags.bins[at] ?? 0) }))} />
    </>
  );
}
