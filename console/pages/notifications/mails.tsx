// {"title": "Mails", "menu": "Organization", "order": 70, "needs": "mails:read", "words": "sent delivered bounced notifications"}
/** Mails that were sent for the organization, and whether they arrived. */

import { Badge, Card, Empty, Name, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import type { MailOut } from '../../types';

const STATUS: Record<string, readonly [text: string, look: string]> = {
  QUEUED: ['On its way', ''], SENT: ['Sent', ''], DELIVERED: ['Delivered', 'good'], FAILED: ['Failed', 'bad'], BOUNCED: ['Bounced', 'bad'], COMPLAINED: ['Marked as spam', 'warn'],
};

export default function Mails() {
  return (
    <>
      <PageHead title="Mails" about="Mail sent for the organization in the last 90 days." />
      <Card>
        <Pages<MailOut> path="/v1/mails" empty={<Empty title="No mail yet"><p>Invitations and notices appear here.</p></Empty>}>{(items) => (
          <ul class="lines">{items.map((one) => (
            <li key={one.mail_id}><div class="what"><Name>{one.subject}</Name><small>{one.about && <><Name>{one.about}</Name>; </>}<When at={one.created_at} />{one.reason && <>; <Name>{one.reason}</Name></>}</small></div>
              <Badge look={STATUS[one.status]?.[1]}>{STATUS[one.status]?.[0] ?? one.status}</Badge></li>
          ))}</ul>
        )}</Pages>
      </Card>
    </>
  );
}
