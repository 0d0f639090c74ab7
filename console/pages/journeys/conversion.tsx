// {"title": "Conversion", "site": true, "needs": "reports:read", "params": {"id": []}}
/** One conversion: its path on a line of time, the credit of each touch under a model, and what was left out and why. */

import { CorrectConversion } from '../../parts/correct-conversion';
import { ToldConversion } from '../../parts/told-conversion';
import { identityName } from '../../parts/identity-names';
import { evidenceText, TouchPath, touchText } from '../../parts/touch-path';
import { Unchosen } from '../../parts/unchosen';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { useGet } from '../../shared/asking';
import { colourOf } from '../../shared/chart-scale';
import { money, percent } from '../../shared/format';
import { MODELS, modelTitle } from '../../shared/models';
import { Pick } from '../../shared/pick';
import { Badge, Card, Copy, Empty, Facts, Loaded, Name, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { sentence } from '../../shared/api';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { ConversionDetailOut, Model } from '../../types';

const REASONS: Record<string, string> = {
  OUTSIDE_WINDOW: 'before the window', AFTER_CONVERSION: 'after the conversion', OVER_LIMIT: 'more than a path keeps', REPEAT: 'a repeat of the touch before it',
};

export default function Conversion() {
  const url = useAddress();
  const { site } = useView();
  const id = url.searchParams.get('id') ?? '';
  const found = useGet<ConversionDetailOut>(id ? `/v1/sites/${site.site_id}/conversions/${encodeURIComponent(id)}` : '');
  if (!id) return <Unchosen page="Conversion" title="No conversion is chosen"><a href={hrefOf('conversions')}>Choose one from the list</a>.</Unchosen>;
  return <Loaded of={found} rows={6} tall>{(one) => <Shown one={one} />}</Loaded>;
}

function Shown({ one }: { one: ConversionDetailOut }) {
  const view = useView();
  const credited = (name: string) => one.credits.find((each) => each.model === name)?.model;
  const model: Model = credited(view.model) ?? credited('LINEAR') ?? one.credits[0]?.model ?? 'LINEAR';
  const credits = one.credits.find((each) => each.model === model)?.touches ?? [];
  return (
    <>
      <PageHead title={t('{name}, {money}', { name: one.name, money: money(one.value_micros, one.currency) })}
        about={<>on <When at={one.occurred_at} />{one.order_id && t(', order {order}', { order: one.order_id })}</>}>
        <a class="button second short" href={hrefOf('journey', { customer: one.customer_id, id: null })}>The person’s journey</a>
        <Copy text={location.href} what="link" look="second short" />
      </PageHead>
      {one.status === 'PENDING' && <Notice>The credit is not computed yet. It takes a few seconds.</Notice>}
      {one.limits.map(({ limit, because }) => <Notice key={limit} look="warn">{sentence(because)}</Notice>)}
      <div class="columns">
        <Card title={plural(one.path.length, { one: 'Its path: {n} touch', other: 'Its path: {n} touches' })} aside={(
          <Pick name="Model" value={model} onPick={(name) => setParams({ model: name }, 'replace')}
            options={one.credits.map((each): [string, string] => [each.model, modelTitle(each.model)])} />
        )}>
          <p class="soft small">{MODELS[model][1]}</p>
          {one.path.length ? <TouchPath touches={one.path} credits={credits} currency={one.currency} />
            : <Empty title="No tracked visit"><p>No visit of this person is known in the {one.window_days} days before. The credit goes to “No tracked visit”.</p></Empty>}
        </Card>
        <div>
          <Card title="What each model gives">{one.credits.length ? <Matrix one={one} /> : <p class="nothing">Not computed yet.</p>}</Card>
          <Card title="How it was computed">
            <Facts facts={[
              ['Window', plural(one.window_days, { one: '{n} day before', other: '{n} days before' })],
              ['Evidence', evidenceText(one.evidence)],
              ['Confirmed by a server', one.verified ? 'yes' : 'no'],
              ['Computed', one.computed_at ? <When at={one.computed_at} /> : 'not yet'],
              ['Versions', t('settings {settings}, learned {fit}, rules of the models {engine}', { settings: one.settings_version ?? '–', fit: one.fit_version ?? '–', engine: one.engine_version ?? '–' })],
            ]} />
          </Card>
          <Corrections one={one} />
          <ToldConversion site={view.site.site_id} conversion={one.conversion_id} />
          <CorrectConversion site={view.site.site_id} one={one} />
        </div>
      </div>
      <LeftOut one={one} />
    </>
  );
}

function Matrix({ one }: { one: ConversionDetailOut }) {
  const channels = [...new Set(one.credits.flatMap(({ touches }) => touches.map(({ channel }) => channel)))];
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Share of each channel under each model">
      <table class="heat">
        <thead><tr><th scope="col">Model</th>{channels.map((channel) => <th key={channel} scope="col" class="number"><i class={`key c${colourOf(channel)}`} /> {channel}</th>)}</tr></thead>
        <tbody>{one.credits.map(({ model, touches }) => (
          <tr key={model}><th scope="row">{modelTitle(model)}</th>{channels.map((channel) => {
            const weight = touches.filter((touch) => touch.channel === channel).reduce((sum, touch) => sum + touch.weight, 0);
            return <td key={channel} class="number" style={{ '--heat': String((weight * 0.3).toFixed(3)) }}><span>{percent(weight, 0)}</span></td>;
          })}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Corrections({ one }: { one: ConversionDetailOut }) {
  if (!one.corrections.length && one.gross_micros === one.value_micros) return null;
  return (
    <Card title="Refunds and changes">
      <p>{t('It was worth {gross} at first and is worth {net} now.', { gross: money(one.gross_micros, one.currency), net: money(one.value_micros, one.currency) })}</p>
      <ul class="lines">{one.corrections.map((each) => (
        <li key={each.event_id}><div class="what"><Name>{each.name}</Name> {each.refusal && <Badge look="warn">Not counted</Badge>}<small><When at={each.occurred_at} />{each.because && ` · ${sentence(each.because)}`}</small></div>
          <span class="number">{each.value_micros == null ? '–' : money(each.value_micros, each.currency || one.currency)}</span></li>
      ))}</ul>
    </Card>
  );
}

/** Touches and visits of the person that got nothing, and why. */
function LeftOut({ one }: { one: ConversionDetailOut }) {
  if (!one.left_out.length && !one.passed_visits.length && !one.links.length) return null;
  return (
    <Card title="What was left out, and how we know the person">
      <ul class="lines">
        {one.left_out.map(({ touch, reason }) => (
          <li key={touch.touch_id}><div class="what"><Name>{touch.channel}</Name><small><When at={touch.occurred_at} /> · {touchText(touch)}</small></div><Badge look="plain">{REASONS[reason] ?? reason}</Badge></li>
        ))}
        {one.passed_visits.map((visit) => (
          <li key={visit.session_id}><div class="what">A visit without a touch<small><When at={visit.started_at} /> · {visit.landing_page}</small></div><span class="small soft">{sentence(visit.because)}</span></li>
        ))}
        {one.links.map((link) => (
          <li key={`${link.customer_id} ${link.other_customer_id}`}><div class="what">{t('{one} and {other} are one person', { one: identityName(link.type), other: identityName(link.other_type) })}
            <small>since <When at={link.since} />, by {link.source}</small></div><Badge look="plain">{t('{share} sure', { share: percent(link.confidence, 0) })}</Badge></li>
        ))}
      </ul>
    </Card>
  );
}
