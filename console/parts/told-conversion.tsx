/** What advertising platforms were told of one conversion, when, and what they answered. */

import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { money } from '../shared/format';
import { Badge, Button, Card, Line, Lines, Loaded, Name, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { t } from '../shared/words';
import type { FeedbackEntryOut, FeedbackOfConversionOut } from '../types';

const LOOKS: Record<FeedbackEntryOut['status'], readonly [text: string, look: string]> = {
  PENDING: ['Waits', 'plain'], CLAIMED: ['Being sent', 'plain'], ACCEPTED: ['Accepted', 'good'], CONFIRMED: ['Confirmed', 'good'], REJECTED: ['Refused', 'bad'],
  SKIPPED: ['Not sent', 'plain'], EXPIRED: ['Too old', 'warn'], INDETERMINATE: ['Looked for', 'plain'], UNKNOWN: ['No answer', 'bad'],
};

export function ToldConversion({ site, conversion }: { site: string; conversion: string }) {
  const { may } = useSession();
  const path = `/v1/sites/${site}/conversions/${encodeURIComponent(conversion)}/feedback`;
  const found = useGet<FeedbackOfConversionOut>(may('feedback:read') ? path : '');
  if (!may('feedback:read')) return null;
  const again = async (one: FeedbackEntryOut) => {
    if (!(await isSure(t('Send it to {name} again? The platform may count it twice.', { name: one.destination }), 'Send again'))) return;
    await ask('POST', path, { destination_id: one.destination_id });
    say('It is sent within a minute.');
    found.again();
  };
  return (
    <Loaded of={found} rows={2}>{({ told }) => told.length > 0 && (
      <Card title="Told to platforms">
        <Lines>{told.map((one) => (
          <Line key={`${one.destination_id} ${one.place}`} what={<><Name>{one.destination}</Name> <Badge look={LOOKS[one.status][1]}>{LOOKS[one.status][0]}</Badge></>}
            small={<>
              {one.is_change ? 'New value: ' : ''}{one.told_as} {money(one.told_micros, one.currency)}{one.because && `: ${one.because}`}
              {one.answered_at && <>; answered <When at={one.answered_at} /></>}{one.attempts > 1 && t(', sent {n} times', { n: one.attempts })}{one.trace && t(', trace {trace}', { trace: one.trace })}
              {t('; its id there is {id}', { id: one.vendor_id })}
            </>}>
            {may('feedback:write') && (one.status === 'UNKNOWN' || one.status === 'REJECTED') && <Button onPress={() => again(one)} label={t('Send to {name} again', { name: one.destination })}>Send again</Button>}
          </Line>
        ))}</Lines>
      </Card>
    )}</Loaded>
  );
}
