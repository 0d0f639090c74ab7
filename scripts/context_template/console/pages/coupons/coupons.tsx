// {"title": "Coupons", "menu": "Organization", "order": 90, "needs": "coupons:read"}
/** Coupons of the organization: a list, and a form that creates one. */

import { useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { Actions, Field, Form, Submit } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Card, Empty, Line, Lines, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import type { CouponOut } from '../../types';

const PATH = '/v1/coupons';

export default function Coupons() {
  const { may } = useSession();
  const [created, setCreated] = useState(0);
  return (
    <>
      <PageHead title="Coupons" />
      <Card title="All coupons">
        <Pages<CouponOut> key={created} path={PATH} empty={<Empty title="No coupons yet">They appear here once you create one.</Empty>}>{(items) => (
          <Lines>{items.map((coupon) => <Line key={coupon.coupon_id} what={coupon.name} small={<>created <When at={coupon.created_at} /></>} />)}</Lines>
        )}</Pages>
      </Card>
      {may('coupons:write') && (
        <Card title="Create a coupon">
          <Form onSend={async ({ name }, form) => {
            await ask<CouponOut>('POST', PATH, { name });
            form.reset();
            say('Created.');
            setCreated(created + 1);
          }}>
            <Field name="name" label="Name" required maxLength={200} />
            <Actions><Submit>Create</Submit></Actions>
          </Form>
        </Card>
      )}
    </>
  );
}
