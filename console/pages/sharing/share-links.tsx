// {"title": "Share links", "menu": "Settings", "order": 70, "site": true, "needs": "shares:write", "words": "public read-only link expiry client guest"}
/** Links by which people without an account see a dashboard or a view. */

import { ShareLine } from '../../parts/share-link';
import { hrefOf } from '../../shared/address';
import { askAll } from '../../shared/api';
import { useAsked } from '../../shared/asking';
import { Pages } from '../../shared/paged';
import { Card, Empty, Lines } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import type { DashboardOut, ShareOut, ViewOut } from '../../types';

export default function ShareLinks() {
  const { site } = useView();
  const base = `/v1/sites/${site.site_id}`;
  const names = useAsked<ReadonlyMap<string, string>>(`names of ${site.site_id}`, async () => {
    const [boards, views] = await Promise.all([askAll<DashboardOut>(`${base}/dashboards?limit=100`), askAll<ViewOut>(`${base}/views?limit=100`)]);
    return new Map([...boards.map((one) => [one.dashboard_id, one.name] as const), ...views.map((one) => [one.view_id, one.name] as const)]);
  });
  return (
    <>
      <PageHead title="Share links" about="Whoever has such a link sees one dashboard or view, without an account, until the link expires or is revoked." />
      <Card>
        <Pages<ShareOut> key={base} path={`${base}/shares`} empty={(
          <Empty title="No link yet"><p>Open a <a href={hrefOf('dashboards')}>dashboard</a> or a <a href={hrefOf('views')}>saved view</a> and choose “Share by link”.</p></Empty>
        )}>{(items, again) => (
          <Lines>{items.map((one) => <ShareLine key={one.share_id} one={one} path={`${base}/shares`} names={names.answer ?? new Map()} again={again} />)}</Lines>
        )}</Pages>
      </Card>
    </>
  );
}
