// {"title": "Sites", "menu": "Organization", "order": 20, "needs": "sites:read", "words": "add a site domains tag tracker"}
/** The organization's sites: their tags, and a form that adds one. */

import { useState } from 'preact/hooks';
import { FirstSite, Installation, NoOrganization, SiteForm, TrackerTag } from '../../shared/beginnings';
import { Card, Line, Lines, Name } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import type { SiteOut } from '../../types';

export default function Sites() {
  const { current, sites, may } = useSession();
  const [made, setMade] = useState<SiteOut | null>(null);
  if (!current) return <NoOrganization />;
  if (made) return <Installation site={made} />;
  if (!sites.length) return <FirstSite />;
  return (
    <>
      <PageHead title="Sites" about="A site is a shop, a product or a landing page with its own tag and reports." />
      <Card>
        <Lines>{sites.map((site) => (
          <Line key={site.site_id} what={<strong><Name>{site.name}</Name></strong>} small={`${site.domains.join(', ')} · ${site.timezone} · ${site.currency}`}>
            <a class="button second short" href={`/console?site=${site.site_id}`}>Report</a>
            <a class="button second short" href={`/console/site-settings?site=${site.site_id}`}>Settings</a>
            <a class="button second short" href={`/console/install?site=${site.site_id}`}>Check the installation</a>
          </Line>
        ))}</Lines>
      </Card>
      {may('sites:write') && <Card title="Add a site"><SiteForm done={setMade} /></Card>}
      {sites.map((site) => (
        <Card key={site.site_id}><details><summary>{`The tracker of ${site.name}`}</summary><TrackerTag site={site} /></details></Card>
      ))}
    </>
  );
}
