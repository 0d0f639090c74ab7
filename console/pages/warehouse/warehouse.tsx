// {"title": "Warehouse copy", "menu": "Organization", "order": 65, "needs": "warehouse:manage", "words": "export lake Parquet S3 bucket BigQuery Snowflake DuckDB data"}
/** Where the organization's lake is copied to once a day, whether that works, and how the last copy went. */

import { useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Check, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { count } from '../../shared/format';
import { sentence } from '../../shared/api';
import { Badge, Button, Card, Copy, Facts, Loaded, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { NoOrganization } from '../../shared/beginnings';
import type { DestinationIn, DestinationOut, LastCopyOut } from '../../types';

const PATH = '/v1/warehouse';
const STATUS: Record<LastCopyOut['status'], readonly [text: string, look: string]> = {
  NEVER: ['Not yet', 'plain'], RUNNING: ['Copying', ''], DONE: ['Complete', 'good'], LEFT: ['Goes on at the next run', 'warn'], FAILED: ['Failed', 'bad'],
};
const CHANGED = { 409: 'Somebody else changed these settings meanwhile. Reload the page and try again.' };

export default function Warehouse() {
  const { current } = useSession();
  const found = useGet<DestinationOut>(current ? PATH : '');
  if (!current) return <NoOrganization />;
  return (
    <>
      <PageHead title="Warehouse copy" about="Once a day Optiq copies your events, visits, touches, conversions, customers and ad costs to a bucket of yours, as Parquet files that any tool reads." />
      <Loaded of={found} rows={6}>{(one) => (
        <>
          <LastCopy one={one} />
          <Destination key={one.version} one={one} again={found.again} />
        </>
      )}</Loaded>
    </>
  );
}

function LastCopy({ one: { last_copy: last, active } }: { one: DestinationOut }) {
  if (!active && last.status === 'NEVER') return null;
  const [text, look] = STATUS[last.status];
  return (
    <Card title="The last copy" aside={<Badge look={look}>{text}</Badge>}>
      <Facts facts={[
        ...(last.started_at ? [['Began', <When at={last.started_at} />] as const] : []), ...(last.finished_at ? [['Ended', <When at={last.finished_at} />] as const] : []),
        ['Days of tables copied', count(last.days)], ['Rows', count(last.rows)], ['Size', sizeText(last.size)],
      ]} />
      {last.reason && <Notice look="warn">{sentence(last.reason)}</Notice>}
    </Card>
  );
}

const sizeText = (bytes: number): string => new Intl.NumberFormat(undefined, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1e6);

/** What a form has, without what its kind does not know; a secret that is empty stays as it is. */
function asked(fields: Fields, version: number): DestinationIn {
  const { kind = 'S3', active, secret_access_key: secret, ...texts } = fields;
  return { kind: kind as 'S3', active: active === 'on', version, ...(kind === 'S3' ? texts : {}), ...(secret ? { secret_access_key: secret } : {}) };
}

function Destination({ one, again }: { one: DestinationOut; again: () => void }) {
  const [kind, setKind] = useState<string>(one.kind);
  const [by, setBy] = useState(one.access_key_id ? 'KEY' : 'ROLE');
  return (
    <Card title="Where to">
      <Form words={CHANGED} onSend={async (fields) => {
        await ask<DestinationOut>('PATCH', PATH, asked(fields, one.version));
        say('The settings are saved.');
        again();
      }}>
        <Choice name="kind" label="Kind" value={kind} onPick={setKind} options={[['S3', 'A bucket of AWS, or a store like it'], ['FOLDER', 'A folder of the machine that Optiq runs on']]} />
        {kind === 'S3' && (
          <>
            <Row><Field name="bucket" label="Bucket" required defaultValue={one.bucket} placeholder="shop-warehouse" /><Field name="prefix" label="Files begin with" defaultValue={one.prefix} placeholder="optiq/" /></Row>
            <Row><Field name="region" label="Region" defaultValue={one.region} placeholder="eu-central-1" /><Field name="endpoint" label="Endpoint" defaultValue={one.endpoint} hint="Only of a store that is not AWS." /></Row>
            <Choice name="" label="Access" value={by} onPick={setBy} options={[['ROLE', 'A role of your AWS account (no secret is kept)'], ['KEY', 'An access key']]} />
            {by === 'ROLE' ? (
              <>
                <Field name="role_arn" label="Role" defaultValue={one.role_arn} placeholder="arn:aws:iam::123456789012:role/OptiqWarehouse" hint="Its name begins with OptiqWarehouse. It asks for the external id below." />
                <div class="field"><span class="label">External id</span><code>{one.external_id}</code> <Copy text={one.external_id} what="external id" look="second short" /></div>
              </>
            ) : (
              <Row><Field name="access_key_id" label="Access key id" defaultValue={one.access_key_id} />
                <Field name="secret_access_key" label="Secret access key" type="password" autocomplete="off" hint={one.has_secret ? 'One is kept, sealed. Empty: it stays.' : 'It is kept sealed and never shown.'} /></Row>
            )}
          </>
        )}
        <Check name="active" label="Copy once a day" checked={one.active} />
        <Actions><Submit>Save the settings</Submit>
          {one.version > 0 && <Button look="second" onPress={async () => {
            await ask('POST', `${PATH}/test`);
            say('It works: a file was written, read and removed.');
          }}>Try it</Button>}</Actions>
      </Form>
    </Card>
  );
}
