// {"title": "Mails", "menu": "Organization", "order": 70, "needs": "mails:read", "words": "sent delivered bounced opened notifications"}
/** Mails that were sent for the organization, and whether they arrived. */

import { Badge, Card, Empty, Line, Lines, Name, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import type { MailOut } from '../../types';

const STATUS: Record<MailOut['status'], readonly [text: string, look: string]> = {
  PENDING: ['Waits', ''], SENDING: ['On its way', ''], SENT: ['Sent', ''], DELIVERED: ['Delivered', 'good'], FAILED: ['Failed', 'bad'], BOUNCED: ['Bounced', 'bad'],
  COMPLAINED: ['Marked as spam', 'warn'], SUPPRESSED: ['Not sent', 'plain'], DIGESTED: ['Part of another', 'plain'],
};

export default function Mails() {
  return (
    <>
      <PageHead title="Mails" about="Mail sent for the organization in the last 90 days." />
      <Card>
        <Pages<MailOut> path="/v1/mails" empty={<Empty title="No mail yet"><p>Invitations and notices appear here.</p></Empty>}>{(items) => (
          <Lines>{items.map((one) => (
            <Line key={one.mail_id} what={<Name>{one.subject}</Name>} small={<Small one={one} />}><Badge look={STATUS[one.status][1]}>{STATUS[one.status][0]}</Badge></Line>
          ))}</Lines>
        )}</Pages>
      </Card>
    </>
  );
}

const Small = ({ one }: { one: MailOut }) => (
  <>
    {one.about && <><Name>{one.about}</Name>; </>}<When at={one.created_at} />{one.next_at && <>; sent at <When at={one.next_at} /></>}
    {one.clicked_at ? <>; clicked <When at={one.clicked_at} /></> : one.opened_at && <>; opened <When at={one.opened_at} /></>}{one.reason && <>; <Name>{one.reason}</Name></>}
  </>
);
