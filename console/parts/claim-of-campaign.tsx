/** In the panel of a campaign: what its platform claims of it beside what Optiq credits, and why the two differ. */

import { ClaimTable } from './claim-parts';
import { hrefOf } from '../shared/address';
import { usePost } from '../shared/asking';
import { isValue } from '../shared/filters';
import { count } from '../shared/format';
import { modelTitle } from '../shared/models';
import { Card, Loaded } from '../shared/pieces';
import { isFiltered, useQuestion } from '../shared/question';
import { periodOf, type View } from '../shared/view';
import { t } from '../shared/words';
import type { ClaimsIn, ClaimsOut } from '../types';

const BY_ID = 'platform_campaign';
const MOST = 50;
export const CLAIMED_BY = ['campaign', BY_ID];

export function ClaimOfCampaign({ view, dimension, value }: { view: View; dimension: string; value: string }) {
  // The name of a link may be of campaigns at several platforms.
  const isId = dimension === BY_ID;
  const named = useQuestion(view, isId ? null : { metrics: ['claimed_conversions'], dimensions: [BY_ID], filters: [isValue(dimension, value)], limit: MOST, compare: 'NONE' });
  const ids = (isId ? [value] : named.answer?.rows.map(({ keys }) => keys[0] ?? '') ?? []).filter(Boolean);
  const body: ClaimsIn | null = ids.length ? { period: periodOf(view), model: view.model || null, conversion: view.conversion || '', names: 'now' } : null;
  const found = usePost<ClaimsOut>(`/v1/sites/${view.site.site_id}/ad-claims/query`, body);
  if (!ids.length) return null;
  return (
    <Loaded of={found} rows={6}>{(answer) => (
      <>{answer.platforms.flatMap((one) => one.campaigns.filter(({ campaign_id }) => ids.includes(campaign_id)).map(({ account, campaign_id, parts }) => (
        <Card key={`${account} ${campaign_id}`} title={t('{title} claims {claimed}, Optiq credits {credited}', { title: one.title, claimed: count(parts.claimed_micros / 1e6), credited: count(parts.credited_micros / 1e6) })}
          about={isFiltered(view) ? 'Where the difference comes from, whatever the filters: the parts add up to the claim.' : 'Where the difference comes from: the parts add up to the claim.'}>
          <ClaimTable one={one} parts={parts} model={modelTitle(answer.model)} />
          <p><a href={hrefOf('claims')}>All claims of all platforms</a></p>
        </Card>
      )))}</>
    )}</Loaded>
  );
}
