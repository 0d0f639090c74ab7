// {"title": "Organization", "menu": "Organization", "order": 10, "words": "members invitations people colleagues roles"}
/** The organization: members, invitations, settings, and the person's other organizations. */

import { useState } from 'preact/hooks';
import { DangerZone } from '../../parts/danger-zone';
import { Invitations } from '../../parts/invitations';
import { Members } from '../../parts/members';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { NoOrganization, OrganizationForm } from '../../shared/beginnings';
import { Actions, Field, Form, Row, Submit } from '../../shared/form';
import { Badge, Button, Card, Facts, Line, Lines, Loaded, Name, roleName } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { enter, useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { MyOrganizationOut, OrganizationOut, PageOut_RoleOut_ } from '../../types';

const CHANGED = { 409: 'Somebody else changed the settings at the same time. Reload the page and try again.' };

export default function Organization() {
  const { current } = useSession();
  return current ? <Shown organization={current.organization} /> : <NoOrganization />;
}

function Shown({ organization }: { organization: OrganizationOut }) {
  const roles = useGet<PageOut_RoleOut_>('/v1/roles');
  return (
    <>
      <PageHead title={organization.name} />
      <Loaded of={roles}>{({ items }) => (<><Members roles={items} /><Invitations roles={items} /></>)}</Loaded>
      <Settings organization={organization} />
      <Organizations />
      <DangerZone kind="ORGANIZATION" id={organization.organization_id} name={organization.name} dueAt={organization.deletion_due_at} />
    </>
  );
}

function Settings({ organization }: { organization: OrganizationOut }) {
  const { may, again } = useSession();
  const [latest, setLatest] = useState(organization);
  const { name, slug, currency, timezone } = latest;
  if (!may('organization:write')) {
    return <Card title="Settings"><Facts facts={[['Name', name], ['Short name', slug], ['Currency', currency], ['Timezone', timezone]]} /></Card>;
  }
  const save = async (fields: Record<string, string>) => {
    const all = { name: fields.name, slug: fields.slug, currency: fields.currency?.toUpperCase(), timezone: fields.timezone };
    const changed = Object.entries(all).filter(([key, value]) => value !== latest[key as 'name']);
    if (changed.length) {
      setLatest(await ask<OrganizationOut>('PATCH', '/v1/organization', { ...Object.fromEntries(changed), version: latest.version }));
      await again();
    }
    say('The settings are saved.');
  };
  return (
    <Card title="Settings">
      <Form words={CHANGED} onSend={save}>
        <Row>
          <Field name="name" label="Name" defaultValue={name} required maxLength={200} />
          <Field name="slug" label="Short name" defaultValue={slug} required maxLength={50} hint="Small letters, digits, hyphens." />
        </Row>
        <Row>
          <Field name="currency" label="Currency" defaultValue={currency} required maxLength={3} hint="The default for new sites." />
          <Field name="timezone" label="Timezone" defaultValue={timezone} required maxLength={60} hint="The default for new sites." />
        </Row>
        <Actions><Submit>Save the settings</Submit></Actions>
      </Form>
    </Card>
  );
}

function Organizations() {
  const { organizations } = useSession();
  return (
    <Card title="Your organizations">
      <Lines>{organizations.map((each) => <OrganizationLine key={each.organization.organization_id} one={each} />)}</Lines>
      <details><summary>Create another organization</summary><OrganizationForm /></details>
    </Card>
  );
}

function OrganizationLine({ one: { organization, role } }: { one: MyOrganizationOut }) {
  const { current } = useSession();
  const { name, organization_id: id } = organization;
  const isHere = id === current?.organization.organization_id;
  const leave = async () => {
    if (!(await isSure(t('Leave {name}? You need a new invitation to come back.', { name }), 'Leave'))) return;
    await ask('POST', `/v1/organizations/${id}/leave`);
    location.assign('/console');
  };
  const change = async () => {
    await enter(organization);
    location.reload();
  };
  return (
    <Line what={<><Name>{name}</Name> {isHere && <Badge>Current</Badge>}</>} small={roleName(role)}>
      {!isHere && <Button onPress={change} label={t('Switch to {name}', { name })}>Switch</Button>}
      <Button onPress={leave} label={t('Leave {name}', { name })}>Leave</Button>
    </Line>
  );
}
