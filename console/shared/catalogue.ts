/** Metrics and dimensions of reports in words. Their names, kinds and sources are those of the API. */

export type Kind = 'COUNT' | 'MONEY' | 'RATIO' | 'MILLISECONDS';
export type Source = 'visits' | 'events' | 'ledger' | 'ads';

export interface Metric {
  title: string;
  about: string;
  kind: Kind;
  sources: readonly Source[];
  /** How a RATIO is written: as a share in %, or as a multiple such as 3.2 ×. */
  as?: 'share' | 'times' | 'plain';
  /** Less is better: a fall is shown as good. */
  less?: boolean;
  /** Spend for each of something: 0 where nothing was spent, so that there is no such cost. */
  per?: boolean;
}

export const METRICS: Record<string, Metric> = {
  revenue: { title: 'Revenue', about: 'Net of refunds, shared between touches by the chosen model.', kind: 'MONEY', sources: ['ledger'] },
  spend: { title: 'Spend', about: 'What ads cost, as connected accounts tell it or as it was sent by hand.', kind: 'MONEY', sources: ['ads'], less: true },
  roas: { title: 'ROAS', about: 'Return on ad spend: attributed revenue divided by spend.', kind: 'RATIO', sources: ['ledger', 'ads'], as: 'times' },
  conversions: { title: 'Conversions', about: 'Goals reached. Touches share a conversion, so a row can have a part of one.', kind: 'COUNT', sources: ['ledger'] },
  cpa: { title: 'CPA', about: 'Cost per acquisition: spend divided by attributed conversions.', kind: 'MONEY', sources: ['ads', 'ledger'], less: true, per: true },
  visits: { title: 'Visits', about: 'A visit ends after 30 minutes without activity, or with a new campaign.', kind: 'COUNT', sources: ['visits'] },
  people: { title: 'People', about: 'Different people who visited. One person can be in several rows.', kind: 'COUNT', sources: ['visits'] },
  conversion_rate: { title: 'Conversion rate', about: 'Conversions divided by visits.', kind: 'RATIO', sources: ['ledger', 'visits'], as: 'share' },
  order_value: { title: 'Order value', about: 'Revenue divided by conversions.', kind: 'MONEY', sources: ['ledger'] },
  engaged_visits: { title: 'Engaged visits', about: 'Visits of 10 seconds or more, with two pages or a conversion.', kind: 'COUNT', sources: ['visits'] },
  bounced_visits: { title: 'Bounced visits', about: 'Visits without engagement.', kind: 'COUNT', sources: ['visits'], less: true },
  page_views: { title: 'Page views', about: 'Pages seen.', kind: 'COUNT', sources: ['visits'] },
  engagement_rate: { title: 'Engagement rate', about: 'Engaged visits divided by visits.', kind: 'RATIO', sources: ['visits'], as: 'share' },
  bounce_rate: { title: 'Bounce rate', about: 'Visits without engagement divided by visits.', kind: 'RATIO', sources: ['visits'], as: 'share', less: true },
  pages_per_visit: { title: 'Pages per visit', about: 'Pages seen divided by visits.', kind: 'RATIO', sources: ['visits'], as: 'plain' },
  visit_duration: { title: 'Time per visit', about: 'How long a visit lasts on average.', kind: 'MILLISECONDS', sources: ['visits'] },
  events: { title: 'Events', about: 'Events, page views among them.', kind: 'COUNT', sources: ['events'] },
  event_people: { title: 'People', about: 'Different people with such an event.', kind: 'COUNT', sources: ['events'] },
  claimed_conversions: { title: 'Claimed conversions', about: 'What ad platforms report as theirs. They claim more than there were.', kind: 'COUNT', sources: ['ads'] },
  claimed_revenue: { title: 'Claimed revenue', about: 'The revenue that ad platforms report as theirs.', kind: 'MONEY', sources: ['ads'] },
  claimed_roas: { title: 'Claimed ROAS', about: 'Revenue that ad platforms report as theirs, divided by spend. Beside our own, never in it.', kind: 'RATIO', sources: ['ads'], as: 'times' },
  claimed_cpa: { title: 'Claimed CPA', about: 'Spend divided by the conversions that ad platforms report as theirs.', kind: 'MONEY', sources: ['ads'], less: true, per: true },
  new_conversions: { title: 'New customers’ conversions', about: 'First conversions of people, shared between touches.', kind: 'COUNT', sources: ['ledger'] },
  cac: { title: 'CAC', about: 'Cost of a new customer: spend divided by the first conversions of people.', kind: 'MONEY', sources: ['ads', 'ledger'], less: true, per: true },
  clicks: { title: 'Clicks', about: 'Clicks on ads, as their platforms count them.', kind: 'COUNT', sources: ['ads'] },
  impressions: { title: 'Impressions', about: 'How often ads were shown.', kind: 'COUNT', sources: ['ads'] },
  cpc: { title: 'CPC', about: 'Cost per click: spend divided by clicks.', kind: 'MONEY', sources: ['ads'], less: true, per: true },
  cpm: { title: 'CPM', about: 'Spend for 1,000 impressions.', kind: 'MONEY', sources: ['ads'], less: true, per: true },
  ctr: { title: 'CTR', about: 'Click-through rate: clicks divided by impressions.', kind: 'RATIO', sources: ['ads'], as: 'share' },
};

export interface Dimension { title: string; sources: readonly Source[] }

const EVERYWHERE: readonly Source[] = ['visits', 'events', 'ledger', 'ads'];
const OF_VISITS: readonly Source[] = ['visits', 'events'];

export const DIMENSIONS: Record<string, Dimension> = {
  channel: { title: 'Channel', sources: EVERYWHERE },
  source: { title: 'Source', sources: EVERYWHERE },
  medium: { title: 'Medium', sources: EVERYWHERE },
  campaign: { title: 'Campaign', sources: EVERYWHERE },
  ad: { title: 'Ad', sources: EVERYWHERE },
  platform: { title: 'Platform', sources: ['ads', 'ledger'] },
  account: { title: 'Advertising account', sources: ['ads', 'ledger'] },
  platform_campaign: { title: 'Platform’s campaign', sources: ['ads', 'ledger'] },
  platform_group: { title: 'Ad group', sources: ['ads', 'ledger'] },
  platform_ad: { title: 'Platform’s ad', sources: ['ads', 'ledger'] },
  term: { title: 'Keyword', sources: OF_VISITS },
  landing_page: { title: 'Landing page', sources: ['visits', 'events', 'ledger'] },
  referrer_domain: { title: 'Referrer', sources: OF_VISITS },
  device: { title: 'Device', sources: OF_VISITS },
  browser: { title: 'Browser', sources: OF_VISITS },
  os: { title: 'Operating system', sources: OF_VISITS },
  country: { title: 'Country', sources: OF_VISITS },
  entry_page: { title: 'Entry page', sources: ['visits'] },
  exit_page: { title: 'Exit page', sources: ['visits'] },
  page: { title: 'Page', sources: ['events'] },
  hostname: { title: 'Host', sources: ['events'] },
  event: { title: 'Event', sources: ['events'] },
  conversion: { title: 'Conversion', sources: ['ledger'] },
  visitor: { title: 'New or returning visitor', sources: ['visits'] },
  customer: { title: 'New or returning customer', sources: ['ledger'] },
};

/** Dimensions with few values, which people do not type: each value and its name. */
export const VALUES: Record<string, Record<string, string>> = {
  visitor: { NEW: 'New', RETURNING: 'Returning' },
  customer: { NEW: 'New', RETURNING: 'Returning' },
  device: { DESKTOP: 'Desktop', MOBILE: 'Mobile', TABLET: 'Tablet', TV: 'TV' },
  platform: { GOOGLE_ADS: 'Google Ads', META: 'Meta', TIKTOK: 'TikTok', MANUAL: 'Sent by hand' },
};

/** Dimensions that attribution reports know: their value has credits that can be explained. */
export const CREDITED = ['channel', 'source', 'medium', 'campaign', 'ad', 'landing_page'];

export const metricTitle = (name: string): string => METRICS[name]?.title ?? name;
const OWN = 'custom.';

/** A dimension by its name; `custom.plan` is a property that the site declares. */
export function dimensionOf(name: string): Dimension | undefined {
  if (name.startsWith(OWN) && name.length > OWN.length) return { title: name.slice(OWN.length).replaceAll('_', ' '), sources: ['events'] };
  return Object.hasOwn(DIMENSIONS, name) ? DIMENSIONS[name] : undefined;
}

/** The dimensions of a site: everybody's, and its own. */
export const dimensionsOf = (site: { custom_dimensions: readonly { name: string }[] }): [name: string, dimension: Dimension][] => [
  ...Object.entries(DIMENSIONS), ...site.custom_dimensions.map(({ name }): [string, Dimension] => [`${OWN}${name}`, dimensionOf(`${OWN}${name}`) as Dimension]),
];

export const dimensionTitle = (name: string): string => dimensionOf(name)?.title ?? BUCKETS[name] ?? name;

/** Lengths of time that a series can go by. */
export const BUCKETS: Record<string, string> = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };
