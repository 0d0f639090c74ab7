/** An advertising account that is read: the site that gets its costs, and what can be done with it. */

import type { ComponentChildren } from 'preact';
import { ask } from '../shared/api';
import { Choice } from '../shared/form';
import { Badge, Line } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { AccountSiteIn, AdAccountOut } from '../types';

export function AccountSite({ one, again, children }: { one: AdAccountOut; again: () => void; children?: ComponentChildren }) {
  const { may, sites } = useSession();
  const name = one.name || one.external_id;
  const site = sites.find(({ site_id }) => site_id === one.site_id);
  const assign = async (site_id: string) => {
    const body: AccountSiteIn = { site_id, campaign_sites: one.campaign_sites, source: one.source, medium: one.medium };
    await ask('PUT', `/v1/ad-accounts/${one.platform}/${encodeURIComponent(one.external_id)}/site`, body);
    say(site_id ? 'The site’s reports have its costs now.' : 'No site’s reports have its costs now.');
    again();
  };
  const some = one.campaign_sites.length > 0 ? t('{n} campaigns are of sites of their own.', { n: String(one.campaign_sites.length) }) : '';
  return (
    <Line what={<>{name} {!one.site_id && <Badge look="bad">No site</Badge>}</>}
      small={[one.site_id ? '' : t('Its costs are in no report until you choose a site.'), some].filter(Boolean).join(' ')}>
      {may('ads:connect')
        ? <Choice name="site" label={t('Site of {name}', { name })} value={one.site_id} onPick={(id) => void assign(id)}
            options={[['', t('No site')], ...sites.map(({ site_id, name: text }) => [site_id, text] as const)]} />
        : site?.name}
      {children}
    </Line>
  );
}
