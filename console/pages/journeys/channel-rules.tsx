// {"title": "Channel rules", "menu": "Settings", "order": 40, "site": true, "needs": "sites:read", "words": "grouping source medium campaign own channels"}
/** A site's own channel rules, tried on the last 30 days before they are saved. */

import { useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { colourOf } from '../../shared/chart-scale';
import { rangeText } from '../../shared/days';
import { count, percent } from '../../shared/format';
import { Button, Card, Empty, Loaded, Problem, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { ChannelRuleOut, ChannelRulesOut, ChannelRulesVersionOut, DryRunOut } from '../../types';

const FIELDS = ['channel', 'source', 'medium', 'campaign'] as const;
const TITLES = { channel: 'Channel', source: 'If the source is', medium: 'and the medium is', campaign: 'and the campaign is' };
const EMPTY: ChannelRuleOut = { channel: '', source: '', medium: '', campaign: '' };

export default function ChannelRules() {
  const { site } = useView();
  const rules = useGet<ChannelRulesOut>(`/v1/sites/${site.site_id}/channel-rules`);
  return (
    <>
      <PageHead title="Channel rules" about="The first rule that fits names the channel of a visit. Visits that fit none get their channel from the usual rules. An empty field fits anything." />
      <Loaded of={rules} rows={5} tall>{({ current, versions }) => (
        <>
          <Editing key={current.version} current={current} again={rules.again} />
          <Card title="Versions"><ul class="lines">{versions.map((one) => (
            <li key={one.version}><div class="what">{plural(one.rules.length, { one: 'Version {version}: {n} rule', other: 'Version {version}: {n} rules' }, { version: one.version })}<small><When at={one.created_at} /></small></div></li>
          ))}</ul></Card>
        </>
      )}</Loaded>
    </>
  );
}

function Editing({ current, again }: { current: ChannelRulesVersionOut; again: () => void }) {
  const { site } = useView();
  const { may } = useSession();
  const [rules, setRules] = useState<ChannelRuleOut[]>(current.rules);
  const [tried, setTried] = useState<DryRunOut | null>(null);
  const [error, setError] = useState<unknown>(null);
  const path = `/v1/sites/${site.site_id}/channel-rules`;
  const put = (changed: ChannelRuleOut[]) => {
    setRules(changed);
    setTried(null);
    setError(null);
  };
  const move = (from: number, to: number) => {
    const changed = [...rules];
    changed.splice(to, 0, ...changed.splice(from, 1));
    put(changed);
  };
  const attempt = async (act: () => Promise<void>) => {
    try {
      setError(null);
      await act();
    } catch (refused) {
      setError(refused);
    }
  };
  const mayWrite = may('sites:write');
  return (
    <Card title="Rules" aside={mayWrite && <button type="button" class="button second short" onClick={() => put([...rules, EMPTY])}>Add a rule</button>}>
      {rules.length === 0 && <Empty title="No own rule"><p>Channels come from the usual rules. Add a rule, such as the channel “Brand Search” for the campaign “brand”.</p></Empty>}
      <ol class="rules">{rules.map((rule, at) => (
        <li key={at}>
          <span class="soft small">{at + 1}.</span>
          {FIELDS.map((field) => (
            <label key={field} class="field"><span>{TITLES[field]}</span>
              <input value={rule[field]} disabled={!mayWrite} maxLength={200} aria-label={t('{field}, rule {number}', { field: TITLES[field], number: at + 1 })}
                onInput={(event) => put(rules.map((each, place) => (place === at ? { ...each, [field]: event.currentTarget.value } : each)))} /></label>
          ))}
          {mayWrite && (
            <span class="actions">
              <button type="button" class="step" disabled={at === 0} aria-label={t('Move rule {number} up', { number: at + 1 })} onClick={() => move(at, at - 1)}>↑</button>
              <button type="button" class="step" disabled={at === rules.length - 1} aria-label={t('Move rule {number} down', { number: at + 1 })} onClick={() => move(at, at + 1)}>↓</button>
              <button type="button" class="step" aria-label={t('Remove rule {number}', { number: at + 1 })} onClick={() => put(rules.filter((_, place) => place !== at))}>×</button>
            </span>
          )}
        </li>
      ))}</ol>
      {Boolean(error) && <Problem error={error} />}
      {mayWrite && (
        <div class="actions">
          <Button look="second" onPress={() => attempt(async () => setTried(await ask<DryRunOut>('POST', `${path}/dry-run`, { rules })))}>Try on the last 30 days</Button>
          <Button look="" onPress={() => attempt(async () => {
            await ask('PUT', path, { rules, version: current.version });
            say('The rules are saved. They take effect for new visits within half a minute.');
            again();
          })}>Save the rules</Button>
        </div>
      )}
      {tried && <Tried found={tried} />}
    </Card>
  );
}

function Tried({ found }: { found: DryRunOut }) {
  const about = plural(found.touches, { one: 'Of {n} touch in {range}:', other: 'Of {n} touches in {range}:' }, { range: rangeText(found.from, found.to) });
  return (
    <section aria-label="What the rules would change" class="after-form">
      <p role="status">{about}</p>
      {found.changes.length ? (
        <table>
          <thead><tr><th scope="col">Channel now</th><th scope="col">With these rules</th><th scope="col" class="number">Touches</th><th scope="col" class="number">Share</th></tr></thead>
          <tbody>{found.changes.map((one) => (
            <tr key={`${one.old_channel} ${one.new_channel}`}><th scope="row"><i class={`key c${colourOf(one.old_channel)}`} /> {one.old_channel}</th><td><i class={`key c${colourOf(one.new_channel)}`} /> {one.new_channel}</td>
              <td class="number">{count(one.touches)}</td><td class="number">{percent(one.share)}</td></tr>
          ))}</tbody>
        </table>
      ) : <p class="soft">These rules change no touch.</p>}
    </section>
  );
}
