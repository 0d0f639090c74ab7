// {"title": "Conversion feedback", "menu": "Marketing", "order": 26, "site": true, "needs": "feedback:read", "words": "pixel conversions API CAPI Meta TikTok Google Data Manager offline conversions"}
/** Where a site's conversions are told. */

import { useGet } from '../../shared/asking';
import { Card, Empty, Line, Lines, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import type { FeedbackDestinationsOut } from '../../types';

export default function Feedback() {
  const { site } = useView();
  const destinations = useGet<FeedbackDestinationsOut>(`/v1/sites/${site.site_id}/feedback-destinations?limit=20`);
  return (
    <>
      <PageHead title="Conversion feedback" about="Tell the platforms you advertise on which sales really happened." />
      <Card title="Destinations">
        <Loaded of={destinations}>{({ items }) => (items.length
          ? <Lines>{items.map((one) => <Line key={one.destination_id} what={one.name} small={one.target} />)}</Lines>
          : <Empty><p>No destinations yet.</p></Empty>)}</Loaded>
      </Card>
    </>
  );
}
