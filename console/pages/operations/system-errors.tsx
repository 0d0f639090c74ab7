// {"title": "Optiq's errors", "menu": "Staff", "order": 20, "needs": "staff", "params": {"error": [], "status": ["RESOLVED"]}, "words": "exceptions crash bug stack"}
/** Errors of Optiq itself, for staff. */

import { ErrorGroups } from '../../parts/error-groups';
import { Empty } from '../../shared/pieces';
import { PageHead } from '../../shared/report';

export default function SystemErrors() {
  return (
    <>
      <PageHead title="Optiq's errors" about="What functions raised, and what was logged with an exception, in groups. Values of variables are not kept." />
      <ErrorGroups path="/v1/operator/errors" page="system-errors" mayResolve empty={<Empty title="No error"><p>Nothing has failed in the last 30 days.</p></Empty>} />
    </>
  );
}
