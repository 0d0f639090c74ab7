/** A person's API keys: list, create with scopes, revoke. A secret is shown once. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { Actions, Check, Field, Form, Row, Submit, checkedOf } from '../shared/form';
import { Button, Card, Copy, Line, Lines, Loaded, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { t } from '../shared/words';
import type { ApiKeyOut, ApiKeysOut, NewApiKeyOut, PageOut_RoleOut_ } from '../types';

export function ApiKeys() {
  const { current } = useSession();
  const keys = useGet<ApiKeysOut>('/v1/me/api-keys');
  const [made, setMade] = useState<NewApiKeyOut | null>(null);
  const created = (key: NewApiKeyOut | null) => {
    setMade(key);
    keys.again();
  };
  return (
    <Card title="API keys">
      <p class="soft">Programs use keys. A key has at most your own permissions and cannot change your account. See the <a href="/docs">API reference</a>.</p>
      {made && <Secret name={made.key.name} secret={made.secret} what="key" />}
      <Loaded of={keys}>{({ items }) => {
        const alive = items.filter((key) => !key.revoked_at);
        return alive.length ? <Lines>{alive.map((key) => <KeyLine key={key.key_id} one={key} again={() => created(null)} />)}</Lines> : null;
      }}</Loaded>
      {current ? <details key={made?.key.key_id ?? ''}><summary>Create a key</summary><KeyForm created={created} /></details>
        : <p class="soft">A key belongs to an organization. Create one, or accept an invitation first.</p>}
    </Card>
  );
}

function KeyLine({ one, again }: { one: ApiKeyOut; again: () => void }) {
  const revoke = async () => {
    if (!(await isSure(t('Revoke {name}? Programs that use it stop working.', { name: one.name }), 'Revoke'))) return;
    await ask('DELETE', `/v1/me/api-keys/${one.key_id}`);
    say('The key stops working within a minute.');
    again();
  };
  return (
    <Line what={one.name} small={(
      <><code>{one.prefix}</code> {one.scopes.join(', ')}; created <When at={one.created_at} />;{' '}
        {one.last_used_at ? <>used <When at={one.last_used_at} /></> : 'not used yet'}{one.expires_at && <>; expires <When at={one.expires_at} /></>}</>
    )}>
      <Button onPress={revoke} label={t('Revoke {name}', { name: one.name })}>Revoke</Button>
    </Line>
  );
}

/** A secret that is shown once. */
export function Secret({ name, secret, what, of = false }: { name: string; secret: string; what: string; of?: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), [secret]);
  return (
    <div class="notice good" tabIndex={-1} ref={place}>
      <p>{t(of ? 'Copy the {what} of {name} now. It is not shown again.' : 'Copy the {what} {name} now. It is not shown again.', { what, name })}</p>
      <code class="secret">{secret}</code>
      <Copy text={secret} what={what} />
    </div>
  );
}

function KeyForm({ created }: { created: (key: NewApiKeyOut) => void }) {
  const { may } = useSession();
  const roles = useGet<PageOut_RoleOut_>('/v1/roles');
  return (
    <Loaded of={roles}>{({ items }) => {
      const names = (items.find((role) => role.role_id === 'OWNER')?.permissions ?? []).filter(may);
      return (
        <Form onSend={async ({ name, expires_at: day }, form) => {
          const end = day ? { expires_at: `${day}T23:59:59Z` } : {};
          created(await ask<NewApiKeyOut>('POST', '/v1/me/api-keys', { name, scopes: checkedOf(form, 'scope'), ...end }));
        }}>
          <Row>
            <Field name="name" label="Name" required maxLength={100} placeholder="dashboards" />
            <Field name="expires_at" label="Last day (optional)" type="date" />
          </Row>
          <fieldset><legend>Permissions</legend>
            <div class="checks">{names.map((name) => <Check key={name} name="scope" value={name} label={name} checked={name === 'reports:read'} />)}</div>
          </fieldset>
          <Actions><Submit>Create the key</Submit></Actions>
        </Form>
      );
    }}</Loaded>
  );
}
