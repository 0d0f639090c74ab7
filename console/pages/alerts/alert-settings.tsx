// {"title": "Alert recipients", "menu": "Settings", "order": 46, "site": true, "needs": "sites:read", "words": "alerts notifications quiet hours mail addresses"}
/** Who gets a site's alerts, and when it is quiet. */

import { hrefOf } from '../../shared/address';
import { ask, askAll } from '../../shared/api';
import { useAsked, useGet } from '../../shared/asking';
import { Actions, Area, Check, Field, Form, Row, Submit, checkedOf, type Fields } from '../../shared/form';
import { Card, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { AlertSettingsIn, AlertSettingsOut, MemberOut, SiteOut } from '../../types';

const CHANGED = { 409: 'Somebody else changed the settings at the same time. Reload the page and try again.' };

export default function AlertSettings() {
  const { site } = useView();
  const settings = useGet<AlertSettingsOut>(`/v1/sites/${site.site_id}/alert-settings`);
  const { may } = useSession();
  return (
    <>
      <PageHead title="Alert recipients" about={<>Who gets alerts of {site.name} by mail and in the console. What is watched is in <a href={hrefOf('alert-rules')}>alert rules</a>.</>} />
      <Loaded of={settings} rows={6} tall>{(found) => (may('sites:write')
        ? <Editing key={found.version} site={site} found={found} again={settings.again} />
        : <Card title="Who gets them"><p>{plural(found.members.length + found.addresses.length, { one: '{n} recipient', other: '{n} recipients' })}</p></Card>
      )}</Loaded>
    </>
  );
}

function Editing({ site, found, again }: { site: SiteOut; found: AlertSettingsOut; again: () => void }) {
  const { may } = useSession();
  const members = useAsked<MemberOut[]>(may('members:read') ? 'members' : '', () => askAll('/v1/members'));
  const save = async (fields: Fields, form: HTMLFormElement) => {
    const { start = '', end = '' } = fields;
    const body: AlertSettingsIn = {
      version: found.version,
      members: members.answer ? checkedOf(form, 'member') : found.members,
      addresses: (fields.addresses ?? '').split(/[\n,]/).map((line) => line.trim()).filter(Boolean),
      quiet_hours: start || end ? { start, end } : null,
    };
    await ask('PUT', `/v1/sites/${site.site_id}/alert-settings`, body);
    say('The recipients are saved.');
    again();
  };
  return (
    <Form class="wide" words={CHANGED} onSend={save}>
      <Card title="Who gets them" about="Where nobody is named, whoever wrote the rule gets its alerts.">
        {(members.answer ?? []).length > 0 && (
          <fieldset><legend>Members</legend>
            <div class="checks">{members.answer?.map((one) => <Check key={one.user_id} name="member" value={one.user_id} label={one.name || one.email || one.user_id} checked={found.members.includes(one.user_id)} />)}</div>
          </fieldset>
        )}
        <Area name="addresses" label="Other addresses" value={found.addresses.join('\n')} rows={2} hint="E-mail addresses, one a line." />
      </Card>
      <Card title="Quiet hours" about={t('Times of day in {zone}. Between them only critical alerts are sent. Empty: none.', { zone: site.timezone })}>
        <Row><Field name="start" label="From" type="time" defaultValue={found.quiet_hours?.start ?? ''} /><Field name="end" label="To" type="time" defaultValue={found.quiet_hours?.end ?? ''} /></Row>
      </Card>
      <Actions><Submit>Save the recipients</Submit></Actions>
    </Form>
  );
}
