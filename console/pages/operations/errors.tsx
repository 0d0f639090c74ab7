// {"title": "Errors", "menu": "Settings", "order": 60, "site": true, "needs": "errors:read", "params": {"error": [], "status": ["RESOLVED"]}, "words": "exceptions crash bug stack sentry javascript"}
/** Errors of a site's programs: which, since when, and what they cost in carts. */

import { ErrorGroups } from '../../parts/error-groups';
import { useGet } from '../../shared/asking';
import { money } from '../../shared/format';
import { Card, Copy, Empty, Loaded, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { useView } from '../../shared/view';
import { plural } from '../../shared/words';
import type { ErrorCostOut, ErrorsOut } from '../../types';

export default function Errors() {
  const { site } = useView();
  const { may } = useSession();
  const path = `/v1/sites/${site.site_id}/errors`;
  return (
    <>
      <PageHead title="Errors" about="What goes wrong in the shop and on its servers, and which carts it cost. Clients of Sentry report here unchanged." />
      <ErrorGroups path={path} page="errors" mayResolve={may('errors:write')} empty={<Empty title="No error yet"><p>Report errors to the address below.</p></Empty>}
        beside={(one) => <Cost path={`${path}/${one.issue_id}/cost`} />} />
      <Address path={path} />
    </>
  );
}

function Cost({ path }: { path: string }) {
  const found = useGet<ErrorCostOut>(path);
  return (
    <Loaded of={found} rows={1}>{(cost) => (cost.carts
      ? <Notice look="bad">{plural(cost.carts, { one: '{n} cart', other: '{n} carts' })}, {money(cost.value_micros, cost.currency)}, dropped after this error.</Notice>
      : <p class="soft small">{cost.visitors ? 'No known visitor dropped a cart after this error.' : 'No visitor is known: send the visitor’s id as the tag optiq_visitor, and see what the error costs.'}</p>)}</Loaded>
  );
}

function Address({ path }: { path: string }) {
  const found = useGet<ErrorsOut>(path);
  return (
    <Card title="Report errors here">
      <Loaded of={found} rows={2}>{({ report_to: address }) => (
        <>
          <p>Give this address (DSN) to a client of Sentry. It is public: it can report errors and nothing else.</p>
          <code class="secret">{address}</code>
          <Copy text={address} what="address" />
        </>
      )}</Loaded>
    </Card>
  );
}
