// {"title": "Ingestion tokens", "menu": "Settings", "order": 50, "site": true, "needs": "tokens:read", "words": "write key server secret"}
/** Tokens with which servers send events of a site: list with their use, create, revoke. A secret is shown once. */

import { useState } from 'preact/hooks';
import { Secret } from '../../parts/api-keys';
import { ask } from '../../shared/api';
import { count } from '../../shared/format';
import { Actions, Area, Check, Field, Form, Row, Submit, checkedOf } from '../../shared/form';
import { Sparkline } from '../../shared/line-chart';
import { Badge, Button, Card, Empty, Line, Lines, Name, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { NewTokenOut, TokenOut } from '../../types';

export default function Tokens() {
  const { site } = useView();
  const { may } = useSession();
  const [made, setMade] = useState<NewTokenOut | null>(null);
  const path = `/v1/sites/${site.site_id}/tokens`;
  return (
    <>
      <PageHead title="Ingestion tokens" about="Servers send events with a token. Pages do not need one: their key is not secret." />
      {made && <Secret name={made.token.name} secret={made.secret} what="token" />}
      <Card title="Tokens">
        <Pages<TokenOut> key={made?.token.token_id ?? ''} path={path} empty={<Empty title="No token yet"><p>Create one for each server that sends events.</p></Empty>}>
          {(items, again) => <Lines>{items.map((one) => <TokenLine key={one.token_id} one={one} path={path} again={again} />)}</Lines>}
        </Pages>
      </Card>
      {may('tokens:write') && (
        <Card title="Create a token">
          <Form onSend={async (fields, form) => {
            const end = fields.expires_at ? { expires_at: `${fields.expires_at}T23:59:59Z` } : {};
            setMade(await ask<NewTokenOut>('POST', path, {
              name: fields.name, scopes: checkedOf(form, 'scope'), ip_allowlist: (fields.ip_allowlist ?? '').split(/[\s,]+/).filter(Boolean), ...end,
            }));
            form.reset();
          }}>
            <Row><Field name="name" label="Name" required maxLength={100} placeholder="shop server" /><Field name="expires_at" label="Last day (optional)" type="date" /></Row>
            <fieldset><legend>It may</legend><div class="checks">
              <Check name="scope" value="ingest" label="Send events as they happen" checked />
              <Check name="scope" value="import" label="Send events of the past" />
            </div></fieldset>
            <Area name="ip_allowlist" label="Only from these networks (optional)" rows={2} hint="Addresses or networks, such as 203.0.113.0/24." />
            <Actions><Submit>Create the token</Submit></Actions>
          </Form>
        </Card>
      )}
    </>
  );
}

function TokenLine({ one, path, again }: { one: TokenOut; path: string; again: () => void }) {
  const { may } = useSession();
  const revoke = async () => {
    if (!(await isSure(t('Revoke {name}? Servers that use it can no longer send.', { name: one.name }), 'Revoke'))) return;
    await ask('DELETE', `${path}/${one.token_id}`);
    say('The token stops working within a minute.');
    again();
  };
  const used = one.usage.reduce((sum, { events }) => sum + events, 0);
  return (
    <Line what={<><Name>{one.name}</Name> {one.revoked_at && <Badge look="bad">Revoked</Badge>}</>} small={(
      <><code>{one.prefix}…</code> {one.scopes.join(', ')}; created <When at={one.created_at} />; {one.last_used_at ? <>used <When at={one.last_used_at} />, {t('{count} events lately', { count: count(used) })}</> : 'not used yet'}
        {one.expires_at && <>; expires <When at={one.expires_at} /></>}{one.ip_allowlist.length > 0 && <>; only from {one.ip_allowlist.join(', ')}</>}</>
    )}>
      {one.usage.length > 1 && <Sparkline values={[...one.usage].sort((a, b) => a.day.localeCompare(b.day)).map(({ events }) => events)} />}
      {may('tokens:write') && !one.revoked_at && <Button onPress={revoke} label={t('Revoke {name}', { name: one.name })}>Revoke</Button>}
    </Line>
  );
}
