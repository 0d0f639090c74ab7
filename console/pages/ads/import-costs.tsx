// {"title": "Import costs", "menu": "Marketing", "order": 21, "site": true, "needs": "ads:write", "params": {}, "words": "CSV upload spend cost offline newsletter affiliate"}
/** Costs that no platform tells, as a table: all of it is taken in, or nothing. */

import { useRef, useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { Actions, Area, Form, Submit } from '../../shared/form';
import { money } from '../../shared/format';
import { hrefOf } from '../../shared/address';
import { Card, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { CostsIn, ImportedCostsOut } from '../../types';

export default function ImportCosts() {
  const { site } = useView();
  const place = useRef<HTMLDivElement>(null);
  const [done, setDone] = useState<ImportedCostsOut | null>(null);
  const read = async (event: Event) => {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    const area = place.current?.querySelector('textarea');
    if (file && area) area.value = await file.text();
  };
  return (
    <>
      <PageHead title="Import costs" about={<>For newsletters, affiliates, posters and platforms that are not connected. What <a href={hrefOf('ad-connections')}>advertising accounts</a> tell needs no table.</>} />
      <Card title="A table of costs" about="A line for each campaign and day. A wrong line keeps all of it out. The same table again changes nothing; a corrected one replaces what differs.">
        <Form onSend={async ({ csv = '' }, form) => {
          setDone(null);
          const sent: CostsIn = { csv };
          setDone(await ask<ImportedCostsOut>('POST', `/v1/sites/${site.site_id}/ad-metrics/import`, sent));
          form.reset();
        }}>
          <div class="field"><label for="costs-file">A CSV file</label><input id="costs-file" type="file" accept=".csv,text/csv,text/plain" onChange={read} /></div>
          <div ref={place}><Area name="csv" label="Or paste the table" rows={8} hint={t('The first line: date,source,medium,campaign,cost,currency. Add impressions and clicks if you know them. Then lines such as 2026-01-31,newsletter,email,january,49.90,{currency}. Source, medium and campaign are those of your links.', { currency: site.currency })} /></div>
          <Actions><Submit>Import</Submit></Actions>
        </Form>
        {done && <Done of={done} />}
      </Card>
    </>
  );
}

function Done({ of }: { of: ImportedCostsOut }) {
  return (
    <div role="status">
      <Notice look="good">{t('{added} rows are new, {restated} replace other numbers, {unchanged} were there already.', {
        added: String(of.added), restated: String(of.restated), unchanged: String(of.unchanged),
      })}</Notice>
      {of.superseded_spend.map(({ currency, spend_micros: micros }) => (
        <Notice key={currency} look="warn">{t('{money} are not counted: connected accounts have the same campaigns on the same days.', { money: money(micros, currency) })}</Notice>
      ))}
    </div>
  );
}
