// {"title": "Data", "menu": "Organization", "order": 75, "needs": "retention:read", "words": "retention privacy data map keep days delete GDPR"}
/** Which data is kept, how long, why, and whose it is; owners set the days. */

import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { NoOrganization } from '../../shared/beginnings';
import { Actions, Field, Form, Row, Submit } from '../../shared/form';
import { Card, Facts, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { isolated, plural } from '../../shared/words';
import type { DataMapOut, DataRetentionOut, KeptOut } from '../../types';

const PATH = '/v1/data-retention';
const CHANGED = { 409: 'Somebody else changed these settings meanwhile. Reload the page and try again.' };
const FIELDS = [
  ['events_days', 'Events, in days', '30 to 3650. Daily totals stay.', 30, 3650],
  ['ads_days', 'Costs of ads, in days', '30 to 3650.', 30, 3650],
  ['errors_days', 'Errors, in days', '1 to 30.', 1, 30],
  ['audit_days', 'Audit log, in days', '365 to 3650.', 365, 3650],
] as const;

export default function Data() {
  const { current, may } = useSession();
  const found = useGet<DataMapOut>(current ? PATH : '');
  if (!current) return <NoOrganization />;
  return (
    <>
      <PageHead title="Data" about="What Optiq keeps of your organization, for how long, and why." />
      <Loaded of={found} rows={8}>{({ retention, classes }) => (
        <>
          {may('retention:write') && <Days key={retention.version} retention={retention} again={found.again} />}
          {classes.filter((one) => one.entities.length > 0).map((one) => <Kept key={one.data} one={one} />)}
        </>
      )}</Loaded>
    </>
  );
}

function Days({ retention, again }: { retention: DataRetentionOut; again: () => void }) {
  return (
    <Card title="How long data is kept" about="What is older is removed in the night, and does not come back.">
      <Form words={CHANGED} onSend={async (fields) => {
        const days = Object.fromEntries(FIELDS.map(([name]) => [name, Number(fields[name])]));
        const shorter = FIELDS.some(([name]) => (days[name] ?? 0) < retention[name]);
        if (shorter && !(await isSure('Keep some data for fewer days? What is older is removed in the next night.', 'Keep it shorter'))) return;
        await ask<DataRetentionOut>('PATCH', PATH, { ...days, version: retention.version });
        say('The settings are saved.');
        again();
      }}>
        <Row>{FIELDS.slice(0, 2).map(([name, label, hint, min, max]) => <Field key={name} name={name} label={label} hint={hint} type="number" min={min} max={max} required defaultValue={retention[name]} />)}</Row>
        <Row>{FIELDS.slice(2).map(([name, label, hint, min, max]) => <Field key={name} name={name} label={label} hint={hint} type="number" min={min} max={max} required defaultValue={retention[name]} />)}</Row>
        <Actions><Submit>Save the settings</Submit></Actions>
      </Form>
    </Card>
  );
}

const Kept = ({ one }: { one: KeptOut }) => (
  <Card title={sentence(one.what)}>
    <Facts facts={[['Kept', isolated(one.kept)], ['Why', isolated(one.why)], ['Personal data', isolated(one.personal || 'none')]]} />
    <details><summary>{plural(one.entities.length, { one: 'What that is: {n} kind', other: 'What that is: {n} kinds' })}</summary><p class="soft small">{one.entities.join(', ')}</p></details>
  </Card>
);

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
