/** A destination of conversion feedback: which platform, which events under which names, and what is told of them. */

import { useState } from 'preact/hooks';
import { hrefOf } from '../shared/address';
import { type Page } from '../shared/api';
import { useGet } from '../shared/asking';
import { Actions, Check, Choice, Field, Form, Row, Submit, type Fields } from '../shared/form';
import { Loaded } from '../shared/pieces';
import { t } from '../shared/words';
import type { AdConnectionOut, FeedbackDestinationIn, FeedbackDestinationOut, SiteOut } from '../types';

interface FormProps { site: SiteOut; destination?: FeedbackDestinationOut; save: (asked: FeedbackDestinationIn) => Promise<unknown> }

const TITLES: Record<string, string> = { GOOGLE_ADS: 'Google Ads', META: 'Meta', TIKTOK: 'TikTok' };
const TARGETS: Record<string, [label: string, hint: string]> = {
  GOOGLE_ADS: ['Customer', 'The digits of the customer that has the conversion actions, often the manager.'],
  META: ['Dataset (pixel)', 'Events Manager > Data sources shows its number.'],
  TIKTOK: ['Pixel', 'Events Manager > Web events shows its id.'],
};
const TOLD_AS: Record<string, string> = { GOOGLE_ADS: '987654321', META: 'Purchase', TIKTOK: 'CompletePayment' };
const SCOPES = [['ALL', 'Every conversion of a person the platform can find'], ['CLICKS', 'Only conversions after a click on an ad of the platform']] as const;
const IDS = [['EVENT_ID', 'The id of the event'], ['ORDER_ID', 'The number of the order']] as const;

export function DestinationForm({ site, destination, save }: FormProps) {
  const connections = useGet<Page<AdConnectionOut>>('/v1/ad-connections?limit=100');
  return (
    <Loaded of={connections} rows={2}>{({ items }) => {
      const usable = items.filter((one) => one.platform in TITLES && one.status !== 'DISCONNECTED');
      if (!usable.length) return <p class="nothing">Connect Google Ads, Meta or TikTok first, and permit to send conversions: <a href={hrefOf('ad-connections')}>Advertising accounts</a>.</p>;
      return <Chosen site={site} destination={destination} save={save} connections={usable} />;
    }}</Loaded>
  );
}

function Chosen({ site, destination, save, connections }: FormProps & { connections: readonly AdConnectionOut[] }) {
  const [connectionId, setConnectionId] = useState(destination?.connection_id ?? connections[0]?.connection_id ?? '');
  const platform = connections.find((one) => one.connection_id === connectionId)?.platform ?? 'META';
  const [target, hint] = TARGETS[platform] ?? ['Target', ''];
  const send = async (fields: Fields) => save({
    name: fields.name ?? '', platform: platform as FeedbackDestinationIn['platform'], connection_id: connectionId, target: fields.target ?? '', login_id: fields.login_id ?? '',
    events: eventsOf(fields.events ?? ''), scope: fields.scope as FeedbackDestinationIn['scope'], value_percent: Number(fields.value_percent), vendor_ids: fields.vendor_ids as FeedbackDestinationIn['vendor_ids'],
    test_code: fields.test_code ?? '', limited_use: fields.limited_use === 'on',
  });
  const written = destination?.events.map((one) => `${one.name} = ${one.told_as}`).join('; ') ?? (site.conversion_events[0] ? `${site.conversion_events[0]} = ${TOLD_AS[platform]}` : '');
  return (
    <Form onSend={send} class="wide" label={destination ? t('Change {name}', { name: destination.name }) : 'New destination'}>
      <Row>
        <Field name="name" label="Name" required maxLength={100} defaultValue={destination?.name} />
        <div class="field">
          <label for={`connection-${destination?.destination_id ?? 'new'}`}>Connection</label>
          <select id={`connection-${destination?.destination_id ?? 'new'}`} value={connectionId} onChange={(event) => setConnectionId(event.currentTarget.value)}>
            {connections.filter((one) => !destination || one.platform === destination.platform).map((one) => <option key={one.connection_id} value={one.connection_id}>{`${TITLES[one.platform]}, ${new Date(one.granted_at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`}</option>)}
          </select>
        </div>
      </Row>
      <Row>
        <Field name="target" label={target} hint={hint} required maxLength={64} defaultValue={destination?.target} spellcheck={false} />
        {platform === 'GOOGLE_ADS' && <Field name="login_id" label="Manager that signed in" hint="Empty where the login is the customer’s own." maxLength={64} defaultValue={destination?.login_id} inputMode="numeric" />}
      </Row>
      <Field key={platform} name="events" label="Events" required defaultValue={written} spellcheck={false}
        hint={platform === 'GOOGLE_ADS' ? 'Your event = the number of the conversion action (type: import from clicks); several with a semicolon between.' : 'Your event = the platform’s name of it; several with a semicolon between.'} />
      <Row>
        <Choice name="scope" label="Which conversions" options={SCOPES} value={destination?.scope ?? 'ALL'} />
        <Choice name="vendor_ids" label="Id that your own pixel sends" options={IDS} value={destination?.vendor_ids ?? 'EVENT_ID'} />
      </Row>
      <Row>
        <Field name="value_percent" label="Share of the value in percent" hint="100 for the whole value, less for your margin." type="number" min={1} max={100} required defaultValue={destination?.value_percent ?? 100} />
        {platform !== 'GOOGLE_ADS' && <Field name="test_code" label="Test code" hint="Of the platform’s test tool; only test events carry it." maxLength={64} defaultValue={destination?.test_code} spellcheck={false} />}
      </Row>
      {platform !== 'GOOGLE_ADS' && <Check name="limited_use" label="Ask for limited use of the data" checked={destination?.limited_use} hint="As some states of the USA permit." />}
      <Actions><Submit>{destination ? 'Save' : 'Create'}</Submit></Actions>
    </Form>
  );
}

/** "Order Completed = Purchase; Lead = Lead" as events. */
function eventsOf(text: string): FeedbackDestinationIn['events'] {
  return text.split(';').filter((each) => each.trim()).map((each) => {
    const at = each.lastIndexOf('=');
    return at < 0 ? { name: each.trim(), told_as: '' } : { name: each.slice(0, at).trim(), told_as: each.slice(at + 1).trim() };
  });
}
