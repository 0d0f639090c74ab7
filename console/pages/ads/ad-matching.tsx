// {"title": "Match ads and visits", "menu": "Marketing", "order": 30, "needs": "ads:read", "bar": ["period", "model"], "words": "utm campaign link resolve unresolved gclid tracking template coverage mapping"}
/** Which money no visit is known of, and which visits no campaign is known of, the most first; one click links them. */

import { BehaviourEdge } from '../../parts/behaviour';
import { ask } from '../../shared/api';
import { useGet, usePost } from '../../shared/asking';
import { count, money, valueTitle } from '../../shared/format';
import { Pages } from '../../shared/paged';
import { Pick } from '../../shared/pick';
import { Badge, Button, Card, Copy, Empty, Line, Lines, Loaded, Name, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { periodOf, useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { AdLinkIn, AdLinkOut, CampaignChoiceOut, CoverageOut, TrackingTemplatesOut, UnresolvedVisitsOut } from '../../types';

type Evidence = UnresolvedVisitsOut['evidence'];
const titleOf = (platform: string): string => valueTitle('platform', platform);
const WHY: Record<Evidence, string> = {
  CLICK_VIEW: 'The platform names the ad of the click', URL_ID: 'The address has the campaign’s id', LINK: 'You linked the name', AUTO: 'One campaign has the name',
  AMBIGUOUS: 'Several campaigns have the name', FOREIGN: 'The id is of an account that is not connected', UNKNOWN: 'The address does not say which campaign',
};

export default function AdMatching() {
  const view = useView();
  const { may } = useSession();
  const site = `/v1/sites/${view.site.site_id}`;
  const found = usePost<CoverageOut>(`${site}/ad-coverage/query`, { period: periodOf(view), model: view.model || null });
  const link = async (named: string, one: CampaignChoiceOut) => {
    const body: AdLinkIn = { utm_campaign: named, platform: one.platform, account: one.account, campaign_id: one.campaign_id };
    await ask<AdLinkOut>('POST', `${site}/ad-links`, body);
    say(t('Visits of “{named}” are of {name} now.', { named, name: one.name }));
    found.again();
  };
  const onLink = may('ads:write') ? link : undefined;
  return (
    <>
      <PageHead title="Match ads and visits" about="Revenue meets the spend of a campaign when Optiq knows which visits its ads brought. Here is what it does not know, the most money first." />
      <Loaded of={found} rows={8}>{(answer) => (
        <>
          <BehaviourEdge found={answer} />
          <Silent answer={answer} />
          <Visits answer={answer} onLink={onLink} />
          {answer.conflicts.length > 0 && <Conflicts answer={answer} />}
          <HowKnown answer={answer} />
        </>
      )}</Loaded>
      <Links key={`${found.loading}`} site={site} again={found.again} />
      <Templates />
    </>
  );
}

function Silent({ answer }: { answer: CoverageOut }) {
  return (
    <Card title="Campaigns that cost money, without a visit" about="Either nobody came, or their visits are not marked: add the parameters below to the ads.">
      {answer.campaigns.length ? (
        <Lines>{answer.campaigns.map((one) => (
          <Line key={`${one.platform} ${one.campaign_id}`} what={<><Name>{one.name}</Name> <Badge>{titleOf(one.platform)}</Badge></>}>
            <strong>{money(one.spend_micros, answer.currency)}</strong>
          </Line>
        ))}</Lines>
      ) : <p class="nothing">No campaign cost money without a visit in these days.</p>}
    </Card>
  );
}

type OnLink = ((named: string, one: CampaignChoiceOut) => Promise<void>) | undefined;

function Visits({ answer, onLink }: { answer: CoverageOut; onLink: OnLink }) {
  return (
    <Card title="Visits of ads, without a campaign" about="With what the model gives them. Link a name once, and all its visits follow.">
      {answer.visits.length ? (
        <Lines>{answer.visits.map((one) => (
          <Line key={[one.platform, one.source, one.medium, one.campaign, one.evidence, one.foreign_id].join('|')}
            what={<><Name>{one.campaign}</Name> <Badge>{[one.source, one.medium].join(' / ')}</Badge></>}
            small={<>{WHY[one.evidence]}{one.foreign_id && ` (${one.foreign_id})`} · {plural(one.visits, { one: '{n} visit', other: '{n} visits' })} · {count(one.conversions)} conversions</>}>
            <strong>{money(one.revenue_micros, answer.currency)}</strong>
            {onLink && one.campaign !== '(not set)' && one.evidence !== 'FOREIGN' && <Choices one={one} others={answer.campaigns} onLink={onLink} />}
          </Line>
        ))}</Lines>
      ) : <p class="nothing">No visit of an ad is without its campaign in these days.</p>}
    </Card>
  );
}

/** Campaigns that are called alike, each a click away, and those without a visit in a list. */
function Choices({ one, others, onLink }: { one: UnresolvedVisitsOut; others: readonly CampaignChoiceOut[]; onLink: NonNullable<OnLink> }) {
  const offered = new Set(one.choices.map(keyOf));
  const more = others.filter((other) => (!one.platform || other.platform === one.platform) && !offered.has(keyOf(other)));
  const pick = (key: string) => {
    const chosen = more.find((other) => keyOf(other) === key);
    if (chosen) void onLink(one.campaign, chosen);
  };
  return (
    <>
      {one.choices.map((choice) => (
        <Button key={keyOf(choice)} onPress={() => onLink(one.campaign, choice)} label={t('Link {named} to {name}', { named: one.campaign, name: choice.name })}>{t('It is {name}', { name: choice.name })}</Button>
      ))}
      {more.length > 0 && <Pick name={t('Campaign of {named}', { named: one.campaign })} value="" options={[['', 'Another campaign'], ...more.map((other): [string, string] => [keyOf(other), other.name])]} onPick={pick} />}
    </>
  );
}

const keyOf = (one: CampaignChoiceOut): string => [one.platform, one.account, one.campaign_id].join(' ');

function Conflicts({ answer }: { answer: CoverageOut }) {
  return (
    <Card title="Names that say another campaign than the id" about="The id counts. Correct utm_campaign in these ads, or the link.">
      <Lines>{answer.conflicts.map((one) => (
        <Line key={`${one.named} ${one.by_id.campaign_id} ${one.by_name.campaign_id}`} what={<Name>{one.named}</Name>}
          small={t('The id is of {id}, the name of {name}', { id: one.by_id.name, name: one.by_name.name })}>{plural(one.visits, { one: '{n} visit', other: '{n} visits' })}</Line>
      ))}</Lines>
    </Card>
  );
}

function HowKnown({ answer }: { answer: CoverageOut }) {
  if (!answer.by_evidence.length) return null;
  return (
    <Card title="How campaigns are known">
      <Lines>{answer.by_evidence.map((one) => <Line key={one.evidence} what={WHY[one.evidence]}>{plural(one.visits, { one: '{n} visit', other: '{n} visits' })}</Line>)}</Lines>
    </Card>
  );
}

function Links({ site, again }: { site: string; again: () => void }) {
  const { may } = useSession();
  const remove = async (one: AdLinkOut) => {
    await ask('POST', `${site}/ad-links/${one.link_id}/remove`);
    say('The name is not linked any more.');
    again();
  };
  return (
    <Card title="Names that you linked">
      <Pages<AdLinkOut> path={`${site}/ad-links`} empty={<Empty><p>None. Where a visit’s campaign is not known, a button above links its name.</p></Empty>}>
        {(items) => <Lines>{items.map((one) => (
          <Line key={one.link_id} what={<Name>{one.utm_campaign}</Name>} small={`${titleOf(one.platform)}, ${one.campaign_id}`}>
            {may('ads:write') && <Button onPress={() => remove(one)} label={t('Unlink {name}', { name: one.utm_campaign })}>Unlink</Button>}
          </Line>
        ))}</Lines>}
      </Pages>
    </Card>
  );
}

function Templates() {
  const found = useGet<TrackingTemplatesOut>('/v1/ad-platforms/templates');
  return (
    <Card title="Mark your ads once" about="Add these parameters to each platform’s ads. It fills in the ids, and every visit then names its campaign, group and ad.">
      <Notice look="plain">Keep your own utm parameters: these are added to them.</Notice>
      <Loaded of={found}>{({ items }) => (
        <Lines>{items.map((one) => <Line key={one.platform} what={one.title} small={<><code>{one.url_parameters}</code><br />{one.where}</>}><Copy text={one.url_parameters} what={t('parameters for {title}', { title: one.title })} /></Line>)}</Lines>
      )}</Loaded>
    </Card>
  );
}
