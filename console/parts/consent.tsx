/** What a person said of advertising, and when. */

import { useGet } from '../shared/asking';
import { Badge, Card, Loaded, Notice, When } from '../shared/pieces';
import { useView } from '../shared/view';
import { t } from '../shared/words';
import type { ConsentHistoryOut, ConsentRecordOut } from '../types';

const PURPOSES: Record<string, string> = { AD_USER_DATA: 'Data for advertising platforms', AD_PERSONALIZATION: 'Personalised advertisements' };
const SOURCES: Record<string, string> = { TRACKER: 'a page', SEGMENT: 'Segment’s API', GOOGLE: 'Google’s Measurement Protocol', GPC: 'the browser’s Global Privacy Control' };
const SAID: Record<string, string> = { GRANTED: 'allowed', DENIED: 'denied', UNKNOWN: 'not known' };

export function ConsentCard({ customer }: { customer: string }) {
  const { site } = useView();
  const found = useGet<ConsentHistoryOut>(`/v1/sites/${site.site_id}/customers/${encodeURIComponent(customer)}/consent`);
  return (
    <Card title="Consent to advertising"><Loaded of={found} rows={3}>{({ standing, records, more }) => (
      <>
        {standing.gpc && <Notice look="plain">A browser of this person sends Global Privacy Control. Nothing of them is told to advertising platforms.</Notice>}
        <ul class="lines">
          <Standing purpose="AD_USER_DATA" said={standing.ad_user_data} />
          <Standing purpose="AD_PERSONALIZATION" said={standing.ad_personalization} />
        </ul>
        {records.length > 0 && <h3>Changes</h3>}
        <ul class="lines">{records.map((one) => <Line key={one.record_id} one={one} />)}</ul>
        {more && <p class="soft small">There are older changes.</p>}
      </>
    )}</Loaded></Card>
  );
}

const Standing = ({ purpose, said }: { purpose: string; said: string }) => (
  <li><span>{PURPOSES[purpose]}</span><Badge look={said === 'GRANTED' ? 'good' : 'plain'}>{SAID[said] ?? said}</Badge></li>
);

const Line = ({ one }: { one: ConsentRecordOut }) => (
  <li><div class="what">{PURPOSES[one.purpose]}
    <small><When at={one.said_at} />, {t('by {source}', { source: SOURCES[one.source] ?? one.source })}{one.policy_version && <> · {t('policy {version}', { version: one.policy_version })}</>}</small></div>
    <Badge look={one.granted ? 'good' : 'plain'}>{one.granted ? 'allowed' : 'denied'}</Badge></li>
);
