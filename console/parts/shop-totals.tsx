/** Sends what the shop reports of each day: a file or a table that is pasted. */

import { useRef } from 'preact/hooks';
import { ask } from '../shared/api';
import { Actions, Area, Form, Submit } from '../shared/form';
import { Card } from '../shared/pieces';
import { say } from '../shared/toast';
import { plural, t } from '../shared/words';
import type { ShopTotalsIn, SiteOut, StoredOut } from '../types';

export function ShopTotals({ site, again }: { site: SiteOut; again: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const read = async (event: Event) => {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    const area = place.current?.querySelector('textarea');
    if (file && area) area.value = await file.text();
  };
  return (
    <Card title="What the shop reports" about="Export orders and revenue by day from your shop, and send them here. A day that is sent again is replaced.">
      <Form onSend={async ({ csv = '' }, form) => {
        const sent: ShopTotalsIn = { csv };
        const { stored } = await ask<StoredOut>('POST', `/v1/sites/${site.site_id}/shop-totals`, sent);
        form.reset();
        say(plural(stored, { one: '{n} day is stored.', other: '{n} days are stored.' }));
        again();
      }}>
        <div class="field"><label for="shop-file">A CSV file</label><input id="shop-file" type="file" accept=".csv,text/csv,text/plain" onChange={read} /></div>
        <div ref={place}><Area name="csv" label="Or paste the table" rows={6} hint={t('The first line: day,orders,revenue,currency. Then a line a day, such as 2026-01-31,12,499.90,{currency}. Days are those of {zone}.', { currency: site.currency, zone: site.timezone })} /></div>
        <Actions><Submit>Send</Submit></Actions>
      </Form>
    </Card>
  );
}
