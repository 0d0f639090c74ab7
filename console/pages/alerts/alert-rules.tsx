// {"title": "Alert rules", "menu": "Settings", "order": 45, "site": true, "needs": "alerts:read", "params": {"rule": []}, "words": "alerts spend threshold drop spike anomaly no data maintenance window"}
/** What of a site is watched, how each rule stands, and times that are not as usual. */

import { useState } from 'preact/hooks';
import { KINDS, RuleForm } from '../../parts/rule-form';
import { hrefOf, useKept } from '../../shared/address';
import { ask } from '../../shared/api';
import { instantIn } from '../../shared/days';
import { Actions, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { AlertRuleOut, AlertRuleStateOut, MaintenanceWindowOut, SiteOut } from '../../types';

const STATE: Record<AlertRuleStateOut['outcome'], readonly [text: string, look: string]> = {
  BREACH: ['Not as usual', 'bad'], FINE: ['As usual', 'good'], LEARNING: ['Learning', 'plain'], TOO_LITTLE: ['Too little to judge', 'plain'], NO_DATA: ['No data', 'warn'],
};
const MODES = [['EXCLUDE', 'Leave the days out: they are neither judged nor usual'], ['MUTE', 'Judge, but tell nobody']] as const;

export default function AlertRules() {
  const { site } = useView();
  const { may } = useSession();
  const [round, setRound] = useState(0);
  const path = `/v1/sites/${site.site_id}/alert-rules`;
  return (
    <>
      <PageHead title="Alert rules" about={<>What is watched on <Name>{site.name}</Name>, every quarter of an hour. <a href={hrefOf('alert-settings')}>Who gets alerts</a> is on a page of its own.</>} />
      <Card title="Rules">
        <Pages<AlertRuleOut> key={`${path} ${round}`} path={path} empty={<Empty title="No rule yet"><p>Begin with “Conversions drop” and “No data comes in”: they find what hurts most.</p></Empty>}>{(items, again) => (
          <Lines>{items.map((one) => <Rule key={one.rule_id} one={one} site={site} path={path} again={again} />)}</Lines>
        )}</Pages>
      </Card>
      {may('alerts:write') && (
        <Card title="New rule">
          <RuleForm key={round} site={site} save={async (asked) => {
            await ask('POST', path, asked);
            say('The rule is created. It is judged within a quarter of an hour.');
            setRound(round + 1);
          }} />
        </Card>
      )}
      <Windows site={site} />
    </>
  );
}

function Rule({ one, site, path, again }: { one: AlertRuleOut; site: SiteOut; path: string; again: () => void }) {
  const { may } = useSession();
  const [chosen, choose] = useKept('rule');
  const isOpen = chosen === one.rule_id;
  const own = `${path}/${one.rule_id}`;
  const turn = async () => {
    await ask('PATCH', own, { paused: !one.paused, version: one.version });
    say(one.paused ? 'The rule is judged again.' : 'The rule is paused.');
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove the rule {name}? Its open alert ends.', { name: one.name }), 'Remove'))) return;
    await ask('DELETE', own);
    say('The rule is removed.');
    again();
  };
  return (
    <>
      <Line what={<><Name>{one.name}</Name> <State one={one} /></>} small={<>{t('Kind: {kind}', { kind: KINDS[one.kind][0] })}{one.now && <>; {one.kind === 'NO_DATA' || one.kind === 'CONNECTION_ERROR' ? 'like this since' : 'judged'} <When at={one.now.judged_at} />{one.now.why && `: ${one.now.why}`}</>}</>}>
        {may('alerts:write') && (
          <>
            <Button onPress={() => choose(isOpen ? '' : one.rule_id)} label={t('Change {name}', { name: one.name })}>Change</Button>
            <Button onPress={turn} label={t(one.paused ? 'Resume {name}' : 'Pause {name}', { name: one.name })}>{one.paused ? 'Resume' : 'Pause'}</Button>
            <Button onPress={remove} label={t('Remove {name}', { name: one.name })}>Remove</Button>
          </>
        )}
      </Line>
      {isOpen && <li class="nested"><RuleForm key={one.version} site={site} rule={one} save={async ({ kind: _, ...asked }) => {
        await ask('PATCH', own, { ...asked, version: one.version });
        say('The rule is saved.');
        choose('');
        again();
      }} /></li>}
    </>
  );
}

function State({ one }: { one: AlertRuleOut }) {
  if (one.paused) return <Badge look="warn">Paused</Badge>;
  if (!one.now) return <Badge look="plain">Not judged yet</Badge>;
  return <Badge look={STATE[one.now.outcome][1]}>{STATE[one.now.outcome][0]}</Badge>;
}

function Windows({ site }: { site: SiteOut }) {
  const { may } = useSession();
  const [round, setRound] = useState(0);
  const path = `/v1/sites/${site.site_id}/maintenance-windows`;
  const create = async (fields: Fields, form: HTMLFormElement) => {
    const at = (name: string) => instantIn(site.timezone, fields[name] ?? '');
    await ask('POST', path, { name: fields.name, mode: fields.mode, from_at: at('from_at'), until_at: at('until_at') });
    say('The maintenance window is created.');
    form.reset();
    setRound(round + 1);
  };
  const remove = async (one: MaintenanceWindowOut, again: () => void) => {
    await ask('DELETE', `${path}/${one.window_id}`);
    say('The maintenance window is removed.');
    again();
  };
  return (
    <Card title="Maintenance windows" about="Times that are not as usual: a sale, an outage. Nobody is told of alerts in them.">
      <Pages<MaintenanceWindowOut> key={round} path={path} empty={<p class="nothing">None yet.</p>}>{(items, again) => (
        <Lines>{items.map((one) => (
          <Line key={one.window_id} what={<Name>{one.name}</Name>} small={<><When at={one.from_at} /> to <When at={one.until_at} />, {one.mode === 'EXCLUDE' ? 'left out' : 'muted'}</>}>
            {may('alerts:write') && <Button onPress={() => remove(one, again)} label={t('Remove {name}', { name: one.name })}>Remove</Button>}
          </Line>
        ))}</Lines>
      )}</Pages>
      {may('alerts:write') && (
        <Form onSend={create} class="wide after-form" label="New maintenance window">
          <Row>
            <Field name="name" label="Name" required maxLength={100} />
            <Field name="from_at" label={t('From, in {zone}', { zone: site.timezone })} type="datetime-local" required />
            <Field name="until_at" label="Until" type="datetime-local" required />
          </Row>
          <Choice name="mode" label="What it does" options={MODES} value="EXCLUDE" />
          <Actions><Submit look="second">Add the window</Submit></Actions>
        </Form>
      )}
    </Card>
  );
}
