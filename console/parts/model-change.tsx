/** What another model would change in the reports of the last 30 days: the channels that gain and lose most. */

import { withParams } from '../shared/api';
import { useGet } from '../shared/asking';
import { money, valueText } from '../shared/format';
import { modelTitle } from '../shared/models';
import { Loaded, Notice } from '../shared/pieces';
import { useView } from '../shared/view';
import { t } from '../shared/words';
import type { ComparisonOut, Model } from '../types';
import { Delta } from '../shared/table';

interface ComparedRow { channel: string; now: Record<string, { revenue_micros: number }> }

export function ModelChange({ before, after }: { before: Model; after: Model }) {
  const view = useView();
  const compared = useGet<ComparisonOut>(withParams(`/v1/sites/${view.site.site_id}/attribution/compare`, { models: `${before},${after}`, by: 'channel' }));
  return (
    <Loaded of={compared} rows={4}>{({ rows, now, currency }) => {
      const missing = now.find((one) => one.model === after)?.not_computed ?? 0;
      const sorted = (rows as unknown as ComparedRow[]).map((row) => ({
        name: valueText(row.channel), old: row.now[before]?.revenue_micros ?? 0, new: row.now[after]?.revenue_micros ?? 0,
      })).sort((a, b) => Math.abs(b.new - b.old) - Math.abs(a.new - a.old)).slice(0, 6);
      return (
        <>
          {missing > 0 && <Notice look="warn">{t('{model} has no result for {count} conversions of the last 30 days: they would be left out.', { model: modelTitle(after), count: missing })}</Notice>}
          <div class="scroll" tabIndex={0} role="group" aria-label="What would change">
            <table>
              <caption class="small soft">What would change in the last 30 days</caption>
              <thead><tr><th scope="col">Channel</th><th scope="col" class="number">{modelTitle(before)}</th><th scope="col" class="number">{modelTitle(after)}</th><th scope="col" class="number">Change</th></tr></thead>
              <tbody>{sorted.map((row) => (
                <tr key={row.name}><th scope="row">{row.name}</th><td class="number">{money(row.old, currency)}</td><td class="number">{money(row.new, currency)}</td>
                  <td class="number"><Delta now={row.new} before={row.old} /></td></tr>
              ))}</tbody>
            </table>
          </div>
        </>
      );
    }}</Loaded>
  );
}
