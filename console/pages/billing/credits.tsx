// {"title": "Credits", "menu": "Organization", "order": 15, "needs": "billing:read", "words": "credits tokens balance voucher package spend"}
/** Credits of the organization: how many there are. */

import { useGet } from '../../shared/asking';
import { Card, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import type { BalanceOut } from '../../types';

export default function Credits() {
  const balance = useGet<BalanceOut>('/v1/credits');
  return (
    <>
      <PageHead title="Credits" />
      <Card title="Available">
        <Loaded of={balance}>{({ available, held }) => <p>{available} available, {held} held</p>}</Loaded>
      </Card>
    </>
  );
}
