// {"title": "Platform claims", "menu": "Acquisition", "order": 85, "needs": "reports:read", "bar": ["period", "conversion", "model"], "params": {"names": ["then", "now"], "sort": [], "find": []}, "words": "Google Meta TikTok claim over-claim view-through differ unexplained ROAS why numbers"}
/** What each platform claims, taken apart: what Optiq credits it, what is shared, and what nothing explains. */

import { BehaviourEdge } from '../../parts/behaviour';
import { ClaimTable, PART } from '../../parts/claim-parts';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { count } from '../../shared/format';
import { modelTitle } from '../../shared/models';
import { Pick } from '../../shared/pick';
import { Card, Empty, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { DataTable, type Column } from '../../shared/table';
import { periodOf, useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { ClaimPartsOut, ClaimsIn, ClaimsOut, PlatformClaimOut } from '../../types';

export default function Claims() {
  const view = useView();
  const url = useAddress();
  const names = (url.searchParams.get('names') || 'now') as 'then' | 'now';
  const body: ClaimsIn = { period: periodOf(view), model: view.model || null, conversion: view.conversion || '', names };
  const found = usePost<ClaimsOut>(`/v1/sites/${view.site.site_id}/ad-claims/query`, body);
  return (
    <>
      <PageHead title="Platform claims" about="Why ad platforms show other sales than Optiq. Each claim is split into parts that add up to it.">
        <Pick name="Names of campaigns" value={names} options={[['now', 'as they are'], ['then', 'as they were']]} onPick={(name) => setParams({ names: name === 'now' ? null : name })} />
      </PageHead>
      <Loaded of={found} rows={8}>{(answer) => (
        <>
          <BehaviourEdge found={answer} />
          {answer.platforms.length ? <Known answer={answer} /> : (
            <Card><Empty title="No platform claims anything in these days"><p><a href={hrefOf('ad-connections')}>Connect the accounts</a> whose ads lead to this site, and assign them to it.</p></Empty></Card>
          )}
        </>
      )}</Loaded>
    </>
  );
}

function Known({ answer }: { answer: ClaimsOut }) {
  const model = modelTitle(answer.model);
  return (
    <>
      <div class="tiles">
        <Tile name="Conversions" value={count(answer.conversions)} more="that happened, each once" />
        <Tile name="After a click on an ad" value={count(answer.clicked)} more="of these platforms, each once" />
        <Tile name="Claimed per conversion" value={answer.over_claim == null ? '–' : `${answer.over_claim.toFixed(2)} ×`} more={(answer.over_claim ?? 0) > 1 ? 'platforms claim more sales than there were' : 'of all conversions, whoever claims them'} />
      </div>
      {answer.platforms.map((one) => <Claim key={one.platform} one={one} model={model} />)}
    </>
  );
}

const Tile = ({ name, value, more }: { name: string; value: string; more: string }) => (
  <div class="tile"><span class="tile-name">{name}</span><span class="tile-value">{value}</span><span class="tile-more">{more}</span></div>
);

function Claim({ one, model }: { one: PlatformClaimOut; model: string }) {
  const columns: Column[] = [
    { name: 'claimed', title: 'Claimed', about: 'What the platform shows as its conversions.', text: count },
    ...PART.map(([name, title, about]): Column => ({ name, title, about: about(one, model), text: count })),
  ];
  const valuesOf = (parts: ClaimPartsOut) => ['claimed_micros' as const, ...PART.map(([name]) => name)].map((name) => parts[name] / 1e6);
  return (
    <Card title={t('{title} claims {claimed}, Optiq credits {credited}', { title: one.title, claimed: count(one.parts.claimed_micros / 1e6), credited: count(one.parts.credited_micros / 1e6) })} about="Where the difference comes from: the parts add up to the claim.">
      <ClaimTable one={one} parts={one.parts} model={model} />
      {one.accepted != null && <p>{t('Optiq told {title} of {accepted} conversions of these days and it accepted them.', { title: one.title, accepted: count(one.accepted) })}
        {(one.accepted_not_claimed ?? 0) > 0 && t(' At least {unclaimed} of them it does not claim: it found no ad for them.', { unclaimed: count(one.accepted_not_claimed ?? 0) })}</p>}
      {one.campaigns.length > 1 && (
        <DataTable head="Campaign" caption={t('Claims of {title} by campaign', { title: one.title })} columns={columns} search file={`optiq-claims-${one.platform.toLowerCase()}`} first={10}
          lines={one.campaigns.map((each) => ({
            key: `${each.account} ${each.campaign_id}`, plain: each.name || '(campaign not known)', name: each.name ? <bdi>{each.name}</bdi> : '(campaign not known)', values: valuesOf(each.parts),
          }))} />
      )}
    </Card>
  );
}
