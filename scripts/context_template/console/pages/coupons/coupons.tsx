// {"title": "Coupons", "menu": "Marketing", "order": 50, "needs": "coupons:read"}
/** Coupons of the organization: a list, and a form to create one. */

import { ask, withParams } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Field, Form, Submit } from '../../shared/form';
import { Card, Empty, Line, Lines, Loaded, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import type { CouponsOut } from '../../types';

const PATH = '/v1/coupons';

export default function Coupons() {
  const { may } = useSession();
  const coupons = useGet<CouponsOut>(withParams(PATH, { limit: 100 }));
  return (
    <>
      <PageHead title="Coupons" about="The newest 100." />
      <Card title="All coupons">
        <Loaded of={coupons}>{({ items }) => (items.length
          ? <Lines>{items.map((one) => <Line key={one.coupon_id} what={one.name} small={<>created <When at={one.created_at} /></>} />)}</Lines>
          : <Empty><p>No coupons yet.</p></Empty>)}</Loaded>
      </Card>
      {may('coupons:write') && <Making again={coupons.again} />}
    </>
  );
}

function Making({ again }: { again: () => void }) {
  const send = async ({ name }: Record<string, string>, form: HTMLFormElement) => {
    await ask('POST', PATH, { name });
    form.reset();
    say('Created.');
    again();
  };
  return (
    <Card title="New coupon">
      <Form onSend={send}>
        <Field name="name" label="Name" required maxLength={200} />
        <Actions><Submit>Create</Submit></Actions>
      </Form>
    </Card>
  );
}
