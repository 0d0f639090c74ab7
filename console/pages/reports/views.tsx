// {"title": "Saved views", "menu": "Start", "order": 30, "site": true, "needs": "reports:read", "words": "bookmarks saved reports funnels shared"}
/** Views of reports that were saved: one's own, and those that colleagues share. */

import { ShareLink } from '../../parts/share-link';
import { placeOf } from '../../parts/view-address';
import { hrefOf } from '../../shared/address';
import { ask } from '../../shared/api';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { ViewOut } from '../../types';

const KINDS: Record<ViewOut['kind'], string> = {
  QUESTION: 'Report', FUNNEL: 'Funnel', RETENTION: 'Retention', PATHS: 'Paths', TIME_TO_CONVERT: 'Time to convert', OVERLAP: 'Overlap', COHORT_VALUE: 'Cohort value', SEGMENT: 'Segment',
};

export default function Views() {
  const { site } = useView();
  const { me, may } = useSession();
  const path = `/v1/sites/${site.site_id}/views`;
  return (
    <>
      <PageHead title="Saved views" about="A view is a report with its columns, filters and days. “Save view” on a report keeps one." />
      <Card>
        <Pages<ViewOut> key={path} path={path} empty={<Empty title="No saved view yet"><p>Open <a href={hrefOf('campaigns')}>Campaigns</a>, choose columns and filters, and save the view.</p></Empty>}>{(items, again) => (
          <Lines>{items.map((view) => <ViewLine key={view.view_id} view={view} mine={view.owner_id === me.user_id && may('views:write')} path={path} again={again} />)}</Lines>
        )}</Pages>
      </Card>
    </>
  );
}

function ViewLine({ view, mine, path, again }: { view: ViewOut; mine: boolean; path: string; again: () => void }) {
  const { site } = useView();
  const { may } = useSession();
  const place = placeOf(view.kind, view.question, view.view_id);
  const share = async () => {
    await ask('PATCH', `${path}/${view.view_id}`, { shared: !view.shared, version: view.version });
    say(view.shared ? 'Only you see it now.' : 'Everybody in the organization who sees the site sees it now.');
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove the view {name}?', { name: view.name }), 'Remove'))) return;
    await ask('DELETE', `${path}/${view.view_id}`);
    say('The view is removed.');
    again();
  };
  return (
    <Line what={<>{place ? <a class="row-link" href={hrefOf(place.page, place.params)}><Name>{view.name}</Name></a> : <Name>{view.name}</Name>} {view.shared && <Badge look="plain">Shared</Badge>}</>}
      small={<>{KINDS[view.kind]}{!place && ', read by the API only'}, saved <When at={view.created_at} /></>}>
      {view.kind !== 'SEGMENT' && <ShareLink site={site} kind="VIEW" id={view.view_id} name={view.name} />}
      {view.kind !== 'SEGMENT' && may('schedules:write') && <a class="button second short" aria-label={t('Send by mail: {name}', { name: view.name })} href={hrefOf('scheduled-mails', { thing: `VIEW ${view.view_id}` })}>Send by mail</a>}
      {mine && (
        <>
          <Button onPress={share} label={t(view.shared ? 'Stop sharing {name}' : 'Share {name}', { name: view.name })}>{view.shared ? 'Stop sharing' : 'Share'}</Button>
          <Button onPress={remove} label={t('Remove {name}', { name: view.name })}>Remove</Button>
        </>
      )}
    </Line>
  );
}
