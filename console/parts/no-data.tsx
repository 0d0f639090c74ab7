/** Why the overview has no numbers: nothing ever came, or nothing in these days. */

import { hrefOf, setParams } from '../shared/address';
import { useGet } from '../shared/asking';
import { TrackerTag } from '../shared/beginnings';
import { dayText } from '../shared/days';
import { Button, Card, Empty, Loaded } from '../shared/pieces';
import { useSession } from '../shared/session';
import type { View } from '../shared/view';
import { t } from '../shared/words';
import type { OverviewOut } from '../types';

const LONG = 'last400d';

export function NoData({ view }: { view: View }) {
  const found = useGet<OverviewOut>(`/v1/sites/${view.site.site_id}/overview?period=${LONG}&compare=NONE`);
  return (
    <Card>
      <Loaded of={found} rows={3}>{({ series }) => {
        const last = series.filter(({ values }) => values.some(Boolean)).at(-1)?.keys[0];
        return last ? <NoneInRange last={last} /> : <NothingYet view={view} />;
      }}</Loaded>
    </Card>
  );
}

const NoneInRange = ({ last }: { last: string }) => (
  <Empty title="Nothing in these days">
    <p>{t('The site has numbers of other days, the newest of {day}.', { day: dayText(last, 'day', 'long') })}</p>
    <div class="actions centred">
      <Button onPress={() => setParams({ period: null, from: null, to: last })}>Show the 30 days until then</Button>
      <a class="button second short" href={hrefOf('install')}>Check the installation</a>
    </div>
  </Empty>
);

/** How to install, and where to look whether it works. */
function NothingYet({ view }: { view: View }) {
  const { may } = useSession();
  return (
    <>
      <Empty title="No visit yet">
        <p>{t('Nothing came from {site} so far. Put the tag into its pages: the first visit shows here within minutes.', { site: view.site.name })}</p>
      </Empty>
      <TrackerTag site={view.site} />
      <div class="actions">
        <a class="button" href={hrefOf('install')}>Check the installation</a>
        {may('sites:write') && <a class="button second" href={hrefOf('sites')}>Add a site</a>}
      </div>
    </>
  );
}
