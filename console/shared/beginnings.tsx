/** Forms for a person without an organization or a site, in the place of what they opened. */

import { useState } from 'preact/hooks';
import type { NewSiteOut, OrganizationOut, SiteOut } from '../types';
import { ask } from './api';
import { Actions, Field, Form, Row, Submit } from './form';
import { Card, Copy, FocusedHeading } from './pieces';
import { enter, useSession } from './session';

/** A form that creates an organization. */
export function OrganizationForm() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <Form onSend={async ({ name, currency = '', timezone }) => {
      await enter(await ask<OrganizationOut>('POST', '/v1/organizations', { name, currency: currency.toUpperCase(), timezone }));
      location.assign('/console');
    }}>
      <Field name="name" label="Name" required maxLength={200} autocomplete="organization" />
      <Row>
        <Field name="currency" label="Currency" required defaultValue="EUR" maxLength={3} hint="Such as EUR." />
        <Field name="timezone" label="Timezone" required defaultValue={timeZone || 'UTC'} hint="Such as Europe/Berlin." />
      </Row>
      <Actions><Submit>Create the organization</Submit></Actions>
    </Form>
  );
}

export const NoOrganization = () => (
  <Card title="Create your organization" class="narrow" about="Sites and colleagues belong to an organization. If your company has one already, ask for an invitation instead.">
    <OrganizationForm />
  </Card>
);

export function FirstSite() {
  const { may } = useSession();
  const [made, setMade] = useState<SiteOut | null>(null);
  if (made) return <Installation site={made} />;
  if (!may('sites:write')) return <Card class="narrow"><p class="nothing">There is no site yet. An admin of this organization can create one.</p></Card>;
  return (
    <Card title="Create your first site" class="narrow" about="Optiq reports the journeys of a site: a shop, a product or a landing page.">
      <SiteForm done={setMade} />
    </Card>
  );
}

/** A form that creates a site. */
export const SiteForm = ({ done }: { done: (site: SiteOut) => void }) => (
  <Form onSend={async ({ name, domains }) => done((await ask<NewSiteOut>('POST', '/v1/sites', { name, domains: [domains] })).site)}>
    <Row>
      <Field name="name" label="Name" required maxLength={200} placeholder="Shop" />
      <Field name="domains" label="Domain" required placeholder="shop.example.com" autocapitalize="none" />
    </Row>
    <Actions><Submit>Create the site</Submit></Actions>
  </Form>
);

/** How to install the tracker of a new site. */
export const Installation = ({ site }: { site: SiteOut }) => (
  <section class="card narrow">
    <FocusedHeading>{`${site.name} is ready`}</FocusedHeading>
    <p>Add the tag to your pages. Visits then appear in the reports within seconds.</p>
    <TrackerTag site={site} />
    <div class="actions">
      <a class="button" href={`/console/install?site=${site.site_id}`} data-reload>Check the installation</a>
      <a class="button second" href={`/console?site=${site.site_id}`} data-reload>See the report</a>
    </div>
  </section>
);

const STORAGE: Record<string, string> = { COOKIELESS_UNTIL_CONSENT: ' data-consent="cookieless"', COOKIELESS: ' data-cookieless' };

export const tagOf = (site: SiteOut): string =>
  `<script defer src="${location.origin}/o.js" data-site="${site.public_key}"${STORAGE[site.visitor_storage] ?? ''}></script>`;

/** The tracker's script for a site's pages, to copy. */
export const TrackerTag = ({ site }: { site: SiteOut }) => (
  <div class="tag">
    <p>Put this tag into the head of every page of the site.</p>
    <code class="secret">{tagOf(site)}</code>
    <Copy text={tagOf(site)} what="tag" />
  </div>
);
