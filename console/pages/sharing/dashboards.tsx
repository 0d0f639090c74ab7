// {"title": "Dashboards", "menu": "Start", "order": 25, "site": true, "needs": "reports:read", "params": {"dashboard": []}, "words": "boards cards templates weekly report"}
/** Dashboards of a site: one's own, and those that colleagues share; and a form that creates one. */

import { useEffect, useState } from 'preact/hooks';
import { go, hrefOf, useAddress } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Check, Field, Form, Submit } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { DashboardIn, DashboardOut, TemplatesOut } from '../../types';

export default function Dashboards() {
  const { site } = useView();
  const { may } = useSession();
  const [round, setRound] = useState(0);
  const path = `/v1/sites/${site.site_id}/dashboards`;
  const asked = useAddress().searchParams.get('dashboard');
  // Mails lead here with the dashboard that they show.
  useEffect(() => { if (asked) go(hrefOf('dashboard', { id: asked }), 'replace'); }, [asked]);
  if (asked) return null;
  return (
    <>
      <PageHead title="Dashboards" about="A dashboard is a page of cards: the numbers, charts and tables that you look at together." />
      <Card>
        <Pages<DashboardOut> key={`${path} ${round}`} path={path} empty={(
          <Empty title="No dashboard yet"><p>{may('dashboards:write') ? 'Create one below from a template, and change it as you like.' : 'Nobody has shared one with you. A member of the organization can create and share one.'}</p></Empty>
        )}>{(items, again) => (
          <Lines>{items.map((one) => <DashboardLine key={one.dashboard_id} one={one} path={path} again={again} />)}</Lines>
        )}</Pages>
      </Card>
      {may('dashboards:write') && <Creating path={path} done={() => setRound(round + 1)} />}
    </>
  );
}

function DashboardLine({ one, path, again }: { one: DashboardOut; path: string; again: () => void }) {
  const { me, may } = useSession();
  const mayChange = may('dashboards:write') && (one.shared || one.owner_id === me.user_id);
  const share = async () => {
    await ask('PATCH', `${path}/${one.dashboard_id}`, { shared: !one.shared, version: one.version });
    say(one.shared ? 'Only you see it now.' : 'Everybody in the organization who sees the site sees it now.');
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove the dashboard {name}? Its saved views stay.', { name: one.name }), 'Remove'))) return;
    await ask('DELETE', `${path}/${one.dashboard_id}`);
    say('The dashboard is removed.');
    again();
  };
  return (
    <Line what={<><a class="row-link" href={hrefOf('dashboard', { id: one.dashboard_id })}><Name>{one.name}</Name></a> {one.shared && <Badge look="plain">Shared</Badge>}</>}
      small={<>{plural(one.cards.length, { one: '{n} card', other: '{n} cards' })}, created <When at={one.created_at} /></>}>
      {mayChange && one.owner_id === me.user_id && <Button onPress={share} label={t(one.shared ? 'Stop sharing {name}' : 'Share {name}', { name: one.name })}>{one.shared ? 'Stop sharing' : 'Share'}</Button>}
      {mayChange && <Button onPress={remove} label={t('Remove {name}', { name: one.name })}>Remove</Button>}
    </Line>
  );
}

function Creating({ path, done }: { path: string; done: () => void }) {
  const { may } = useSession();
  const found = useGet<TemplatesOut>('/v1/dashboard-templates');
  return (
    <Card title="Create a dashboard">
      <Form class="wide" onSend={async ({ name = '', template, shared }) => {
        const asked: DashboardIn = { name, shared: shared === 'on', ...(template ? { template: template as 'SHOP' } : {}) };
        const made = await ask<DashboardOut>('POST', path, asked);
        done();
        go(hrefOf('dashboard', { id: made.dashboard_id, edit: template ? null : '1' }));
      }}>
        <Loaded of={found} rows={3}>{({ templates }) => (
          <fieldset><legend>Begin with</legend>
            <div class="templates">
              {may('views:write') && templates.map((one, at) => (
                <label key={one.template}><input type="radio" name="template" value={one.template} defaultChecked={at === 0} /><strong>{one.label}</strong><small>{one.about}</small></label>
              ))}
              <label><input type="radio" name="template" value="" defaultChecked={!may('views:write')} /><strong>Empty</strong><small>Add cards of your saved views yourself.</small></label>
            </div>
          </fieldset>
        )}</Loaded>
        <div class="half"><Field name="name" label="Name" required maxLength={100} placeholder="Monday" /></div>
        <Check name="shared" label="Everybody here sees it" />
        <Actions><Submit>Create the dashboard</Submit></Actions>
      </Form>
    </Card>
  );
}
