/** Links for people without an account: a form that creates one, and those of a thing or of a site. */

import { useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { plusDays, todayIn } from '../shared/days';
import { Actions, Field, Form, Submit } from '../shared/form';
import { Badge, Button, Copy, Line, Name, Popover, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { t } from '../shared/words';
import type { NewShareOut, ShareIn, ShareOut } from '../types';

const USUAL_DAYS = 30;
const MOST_DAYS = 400;

interface Props { site: { site_id: string; timezone: string }; kind: ShareIn['kind']; id: string; name: string }

export function ShareLink({ site, kind, id, name }: Props) {
  const { may } = useSession();
  const [made, setMade] = useState('');
  if (!may('shares:write')) return null;
  const today = todayIn(site.timezone);
  return (
    <Popover id={`share-${id}`} look="button second short" opener="Share by link">
      {made ? (
        <>
          <p>Whoever has this link sees it until it expires. The link is not shown again.</p>
          <code class="secret">{made}</code>
          <div class="actions"><Copy text={made} what="link" look="second short" /><Button onPress={() => setMade('')}>Another link</Button></div>
        </>
      ) : (
        <Form onSend={async ({ label = '', until = '' }) => {
          const asked: ShareIn = { kind, shared_id: id, label, ...(until ? { expires_at: `${until}T23:59:59Z` } : {}) };
          setMade((await ask<NewShareOut>('POST', `/v1/sites/${site.site_id}/shares`, asked)).address);
        }}>
          <p>{t('Anybody with the link sees {name}, and nothing else, without an account.', { name })}</p>
          <Field name="label" label="For whom" maxLength={100} placeholder="Our client" hint="Only your organization sees this." />
          <Field name="until" label="Until" type="date" required min={today} max={plusDays(today, MOST_DAYS - 1)} defaultValue={plusDays(today, USUAL_DAYS)} />
          <Actions><Submit>Create the link</Submit></Actions>
        </Form>
      )}
    </Popover>
  );
}

/** A link in a list. */
export function ShareLine({ one, path, names, again }: { one: ShareOut; path: string; names: ReadonlyMap<string, string>; again: () => void }) {
  const over = one.revoked_at ? 'Revoked' : Date.parse(one.expires_at) <= Date.now() ? 'Expired' : '';
  const name = names.get(one.shared_id) ?? (one.kind === 'DASHBOARD' ? 'A dashboard' : 'A view');
  const revoke = async () => {
    if (!(await isSure(t('Revoke the link to {name}? Whoever has it sees nothing any more.', { name }), 'Revoke'))) return;
    await ask('DELETE', `${path}/${one.share_id}`);
    say('The link is revoked.');
    again();
  };
  return (
    <Line what={<><Name>{name}</Name> {over && <Badge look="bad">{over}</Badge>}</>}
      small={<>{one.label && <>for <Name>{one.label}</Name>; </>}expires <When at={one.expires_at} />; {one.used_at ? <>opened last <When at={one.used_at} /></> : 'never opened'}</>}>
      {!over && <Button onPress={revoke} label={t('Revoke the link to {name}', { name })}>Revoke</Button>}
    </Line>
  );
}
