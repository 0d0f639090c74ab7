/** The API's models. Written by scripts/build_console_types.py (`make docs`); do not edit. */

export interface AcceptedEvents {
  accepted: number;
}

export interface AcceptedOut {
  accepted: number;
}

export interface AccessIn {
  organization_id?: string;
  site_id?: string;
  purpose: string;
}

export interface AccessOut {
  organization_id: string;
  site_id: string;
  key: string;
  expires_at: string;
}

export interface AccountDaysOut {
  days: (CoveredDayOut)[];
  restatements: (RestatementOut)[];
  settling: SettlingOut | null;
}

export interface AccountDeletionIn {
  password?: string;
}

export interface AccountSiteIn {
  site_id?: string;
  campaign_sites?: (CampaignSiteIn)[];
  source?: string;
  medium?: string;
}

export interface AdAccountOut {
  platform: string;
  external_id: string;
  connection_id: string;
  name: string;
  currency: string;
  timezone: string;
  created_at: string;
  status: "ACTIVE" | "INACTIVE" | "NO_ACCESS";
  platform_status: string;
  chosen: boolean;
  site_id: string;
  campaign_sites: (CampaignSite)[];
  source: string;
  medium: string;
  version: number;
}

export interface AdAccountsOut {
  items: (AdAccountOut)[];
  cursor: string | null;
}

export interface AdConnectStartOut {
  url: string;
  expires_at: string | null;
  connection: AdConnectionOut | null;
}

export interface AdConnectionIn {
  platform: string;
  connection_id?: string;
  uploads?: boolean;
}

export interface AdConnectionOut {
  connection_id: string;
  platform: string;
  status: "CONNECTED" | "EXPIRING" | "REAUTH_REQUIRED" | "DISCONNECTED";
  granted_by: string;
  granted_at: string;
  created_at: string;
  reason: string;
  scopes: (string)[];
  expires_at: string | null;
  version: number;
}

export interface AdConnectionsOut {
  items: (AdConnectionOut)[];
  cursor: string | null;
}

export interface AdEntitiesOut {
  items: (AdEntityOut)[];
  cursor: string | null;
}

export interface AdEntityNameOut {
  name: string;
  since: string;
}

export interface AdEntityOut {
  name: string;
  names: (AdEntityNameOut)[];
  level: "CAMPAIGN" | "GROUP" | "AD";
  external_id: string;
  campaign_id: string;
  group_id: string;
  platform_status: string;
  kind: string;
  first_seen_at: string;
  last_seen_at: string;
  gone_at: string | null;
}

export interface AdLinkIn {
  utm_campaign: string;
  platform: string;
  account: string;
  campaign_id: string;
}

export interface AdLinkOut {
  site_id: string;
  link_id: string;
  utm_campaign: string;
  platform: string;
  account: string;
  campaign_id: string;
  created_at: string;
  version: number;
}

export interface AdLinksOut {
  items: (AdLinkOut)[];
  cursor: string | null;
}

export interface AdMetricIn {
  day: string;
  source: string;
  medium: string;
  campaign?: string;
  impressions?: number;
  clicks?: number;
  spend: number | string;
  currency: string;
  claimed_conversions?: number | null;
  claimed_revenue?: number | string | null;
}

export interface AdMetricsIn {
  rows: (AdMetricIn)[];
}

export interface AdPlatformOut {
  platform: string;
  title: string;
  signs_in: boolean;
  configured: boolean;
}

export interface AdPlatformsOut {
  items: (AdPlatformOut)[];
  cursor: string | null;
}

export interface AdSpendUsageOut {
  tracked_micros: number;
  limit_micros: number | null;
  percent: number | null;
}

export interface AdSyncIn {
  platform: string;
  external_id: string;
  from?: string | null;
  to?: string | null;
}

export interface AdSyncOut {
  from: string;
  to: string;
  sync_id: string;
  kind: "DAILY_SYNC" | "INTRADAY_SYNC" | "WEEKLY_SYNC" | "MONTHLY_SYNC" | "MANUAL" | "BACKFILL";
  platform: string;
  external_id: string;
  status: "QUEUED" | "RUNNING" | "WAITING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  created_at: string;
  not_before_at: string | null;
  days_changed: number;
  days_unchanged: number;
  failed_days: (string)[];
  reason: string;
  note: string;
  version: number;
}

export interface AdSyncsOut {
  items: (AdSyncOut)[];
  cursor: string | null;
}

export interface AddressIn {
  email: string;
}

export interface AdjustmentIn {
  adjustment_id: string;
  value: number | string;
}

export interface AlertFilterOut {
  dimension: "channel" | "source" | "medium" | "campaign" | "ad" | "platform" | "account" | "platform_campaign" | "platform_group" | "platform_ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "entry_page" | "exit_page" | "page" | "hostname" | "event" | "event_kind" | "conversion" | "visitor" | "customer" | string;
  operator: "is" | "is_not" | "contains" | "starts_with" | "is_set" | "is_not_set";
  values: (string)[];
}

export interface AlertOut {
  title: string;
  rule_name: string;
  flapping: boolean;
  metric: "visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr";
  contributors_metric: "visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr" | "";
  currency: string;
  days: (ExplainedDayOut)[];
  contributors: (ContributorOut)[];
  question: AlertQuestionOut | null;
  triggered_at: string | null;
  ended_at: string | null;
  snoozed_until_at: string | null;
  alert_id: string;
  rule_id: string;
  severity: "INFO" | "WARNING" | "CRITICAL";
  side: "LOW" | "HIGH";
  period: string;
  last_period: string;
  connection_id: string;
  status: "PENDING" | "TRIGGERED" | "ACKNOWLEDGED" | "RESOLVED" | "DISMISSED";
  ending: "" | "RECOVERED" | "RESTATED" | "LEVEL_CHANGED" | "RULE_CHANGED" | "DISCONNECTED";
  breaches: number;
  value: number;
  usual: number;
  bound: number;
  worse: number;
  worst: number;
  worst_value: number;
  level: number;
  created_at: string;
  version: number;
}

export interface AlertQuestionOut {
  metrics: ("visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr")[];
  filters: ((AlertFilterOut)[])[];
  segments: (string)[];
  period: string;
  compare: string;
}

export interface AlertRuleIn {
  severity?: "INFO" | "WARNING" | "CRITICAL";
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: "HOUR" | "DAY" | "WEEK" | "MONTH";
  spend_micros?: number | null;
  levels?: (number)[];
  percent?: number | null;
  comparison_days?: number;
  sensitivity?: "LOW" | "MEDIUM" | "HIGH";
  conditions?: (ConditionIn)[];
  model?: Model | null;
  periods?: number;
  cooldown_hours?: number;
  paused?: boolean;
  name: string;
  kind: "SPEND_THRESHOLD" | "CONVERSION_DROP" | "CPA_SPIKE" | "ROAS_DROP" | "CLICK_ANOMALY" | "CUSTOM" | "NO_DATA" | "CONNECTION_ERROR";
}

export interface AlertRuleOut {
  filters: ((AlertFilterOut)[])[];
  conditions: (ConditionOut)[];
  model: Model | null;
  now: AlertRuleStateOut | null;
  rule_id: string;
  name: string;
  kind: "SPEND_THRESHOLD" | "CONVERSION_DROP" | "CPA_SPIKE" | "ROAS_DROP" | "CLICK_ANOMALY" | "CUSTOM" | "NO_DATA" | "CONNECTION_ERROR";
  owner_id: string;
  created_at: string;
  severity: "INFO" | "WARNING" | "CRITICAL";
  segments: (string)[];
  period: "HOUR" | "DAY" | "WEEK" | "MONTH";
  spend_micros: number | null;
  levels: (number)[];
  percent: number | null;
  comparison_days: number;
  sensitivity: "LOW" | "MEDIUM" | "HIGH";
  periods: number;
  cooldown_hours: number;
  paused: boolean;
  version: number;
}

export interface AlertRulePatch {
  severity?: "INFO" | "WARNING" | "CRITICAL";
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: "HOUR" | "DAY" | "WEEK" | "MONTH";
  spend_micros?: number | null;
  levels?: (number)[];
  percent?: number | null;
  comparison_days?: number;
  sensitivity?: "LOW" | "MEDIUM" | "HIGH";
  conditions?: (ConditionIn)[];
  model?: Model | null;
  periods?: number;
  cooldown_hours?: number;
  paused?: boolean;
  name?: string;
  version?: number | null;
}

export interface AlertRuleStateOut {
  outcome: "BREACH" | "FINE" | "LEARNING" | "TOO_LITTLE" | "NO_DATA";
  why: string;
  value: number | null;
  usual: number | null;
  judged_at: string;
}

export interface AlertRulesOut {
  items: (AlertRuleOut)[];
  cursor: string | null;
}

export interface AlertSettingsIn {
  members?: (string)[];
  addresses?: (string)[];
  quiet_hours?: QuietHoursIn | null;
  version?: number | null;
}

export interface AlertSettingsOut {
  members: (string)[];
  addresses: (string)[];
  quiet_hours: QuietHoursIn | null;
  changed_at: string | null;
  version: number;
}

export interface AlertsOut {
  items: (AlertOut)[];
  cursor: string | null;
}

export interface AnswerOut {
  metrics: (ColumnOut)[];
  dimensions: (string)[];
  rows: (RowOut)[];
  row_count: number;
  totals: RowOut;
  currency: string;
  timezone: string;
  model: Model;
  basis: "CONVERSION_DAY" | "TOUCH_DAY";
  period: PeriodOut;
  compared: PeriodOut | null;
  compared_until: string | null;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  labels: Record<string, Record<string, string>>;
}

export interface ApiKeyIn {
  name: string;
  scopes: (string)[];
  expires_at?: string | null;
}

export interface ApiKeyOut {
  key_id: string;
  name: string;
  prefix: string;
  scopes: (string)[];
  organization_id: string | null;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

export interface ApiKeysOut {
  items: (ApiKeyOut)[];
  cursor: string | null;
}

export interface AssignmentIn {
  what: string;
  expires_at?: string | null;
}

export interface AssignmentOut {
  what: string;
  expires_at: string | null;
}

export interface AttemptOut {
  ended_at: string | null;
  number: number;
  status: "QUEUED" | "RUNNING" | "WAITING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  began_at: string;
  reason: string;
}

export interface AttributionReportOut {
  model: Model;
  by: "channel" | "source" | "medium" | "campaign" | "ad" | "landing_page";
  currency: string;
  timezone: string;
  from: string;
  to: string;
  conversion: string;
  as_of: string | null;
  rows: (Record<string, string | number>)[];
  totals: AttributionTotalsOut;
  not_computed: number;
  missing_rates: (MissingRateOut)[];
  verdict: VerdictOut | null;
  note: string;
  damaged_files: (string)[];
}

export interface AttributionSettingsChangedOut {
  current: AttributionSettingsVersionOut;
  recompute: string | null;
}

export interface AttributionSettingsIn {
  version?: number | null;
  default_model?: Model;
  half_life_days?: number;
  custom?: CustomWeightsIn | null;
  conversion_types?: (ConversionTypeIn)[];
  milestone_event?: string;
  collapse_repeats?: boolean;
  markov_order?: number;
}

export interface AttributionSettingsOut {
  current: AttributionSettingsVersionOut;
  versions: (AttributionSettingsVersionOut)[];
}

export interface AttributionSettingsVersionOut {
  version: number;
  created_at: string | null;
  default_model: Model;
  half_life_days: number;
  custom: CustomWeightsOut | null;
  conversion_types: (ConversionTypeOut)[];
  milestone_event: string;
  collapse_repeats: boolean;
  markov_order: number;
}

export interface AttributionTotalsOut {
  conversions: number;
  revenue_micros: number;
}

export interface AuditEntriesOut {
  items: (AuditEntryOut)[];
  cursor: string | null;
}

export interface AuditEntryOut {
  context: string;
  sequence: number;
  occurred_at: string;
  actor: string;
  action: string;
  entity: string;
  before: Record<string, string | number | boolean | (string)[] | null>;
  after: Record<string, string | number | boolean | (string)[] | null>;
  origin: OriginOut;
}

export interface BackgroundJobOut {
  organization_id: string;
  attempts: (AttemptOut)[];
  ended_at: string | null;
  kind: string;
  job_id: string;
  about: string;
  status: "QUEUED" | "RUNNING" | "WAITING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  reason: string;
  created_at: string;
  batch_id: string;
  parts: number;
  parts_done: number;
}

export interface BackgroundJobsOut {
  items: (BackgroundJobOut)[];
  cursor: string | null;
}

export interface BalanceOut {
  plan: string | null;
  available: number;
  held: number;
  overdraft: number;
  monthly_credits: number;
  max_rollover: number;
  renews_at: string | null;
  bonus_percent: number;
  entries: number;
}

export interface BatchOut {
  cancelled_at: string | null;
  finished_at: string | null;
  batch_id: string;
  kind: string;
  total: number;
  pending: number;
  failed: number;
  failed_job_ids: (string)[];
  created_at: string;
}

export interface BatchesOut {
  items: (BatchOut)[];
  cursor: string | null;
}

export interface Beacon {
  k: string;
  sent_at?: string | number;
  c?: unknown;
  m?: unknown;
  position?: number;
  events: (BeaconEvent)[];
}

export interface BeaconEvent {
  event_id: string;
  kind: "page" | "track" | "identify";
  name?: string;
  timestamp?: string | number;
  anonymous_id?: string;
  user_id?: string;
  session_id?: string;
  url?: string;
  referrer?: string;
  title?: string;
  properties?: Record<string, unknown>;
}

export interface BillingOut {
  entitlements: EntitlementsOut;
  status: "INCOMPLETE" | "INCOMPLETE_EXPIRED" | "TRIALING" | "ACTIVE" | "PAST_DUE" | "CANCELED" | "UNPAID" | "PAUSED" | null;
  interval: "month" | "year" | null;
  currency: string | null;
  next_plan: string | null;
  standing: "SELF_HOSTED" | "BILLED";
  amount_micros: number | null;
  period_start_at: string | null;
  period_end_at: string | null;
  cancel_at_period_end: boolean;
  next_at: string | null;
  trial_available: boolean;
  own_terms: boolean;
  spend_cap_micros: number | null;
  stop_at_cap: boolean;
}

export interface CampaignChoiceOut {
  platform: string;
  account: string;
  campaign_id: string;
  name: string;
}

export interface CampaignClaimOut {
  parts: ClaimPartsOut;
  account: string;
  campaign_id: string;
  name: string;
}

export interface CampaignSite {
  campaign_id: string;
  site_id: string;
}

export interface CampaignSiteIn {
  campaign_id: string;
  site_id: string;
}

export interface CapIn {
  cap: number | string | null;
  stop_at_cap?: boolean;
}

export interface CardAnswerOut {
  card_id: string;
  kind: "VIEW" | "TEXT";
  view_id: string;
  title: string;
  text: string;
  column: number;
  row: number;
  width: number;
  height: number;
  view_name: string;
  view_kind: "QUESTION" | "FUNNEL" | "RETENTION" | "PATHS" | "TIME_TO_CONVERT" | "OVERLAP" | "COHORT_VALUE" | "SEGMENT" | null;
  question: Record<string, unknown> | null;
  columns: (string)[];
  answer: AnswerOut | FunnelOut | RetentionOut | PathsOut | LagsOut | OverlapOut | CohortsOut | null;
  problem: CardProblemOut | null;
}

export interface CardIn {
  card_id?: string;
  kind: "VIEW" | "TEXT";
  view_id?: string;
  title?: string;
  text?: string;
  column?: number;
  row?: number;
  width?: number;
  height?: number;
}

export interface CardOut {
  card_id: string;
  kind: "VIEW" | "TEXT";
  view_id: string;
  title: string;
  text: string;
  column: number;
  row: number;
  width: number;
  height: number;
}

export interface CardProblemOut {
  code: string;
  detail: string;
}

export interface CatalogueOut {
  metrics: (MetricOut)[];
  dimensions: (DimensionOut)[];
  buckets: (string)[];
  periods: (string)[];
  comparisons: (string)[];
  operators: (string)[];
}

export interface CellOut {
  people: number;
  share: number | null;
  complete: boolean;
}

export interface ChainVerificationOut {
  context: string;
  good_entries: number;
  fault: string;
}

export interface ChangeIn {
  plan: string;
  interval?: "month" | "year";
  at?: string | null;
  total_micros?: number | null;
}

export interface ChangePreviewOut {
  at: string;
  lines: (PreviewLineOut)[];
  plan: string;
  interval: "month" | "year";
  takes_effect: "NOW" | "PERIOD_END";
  currency: string;
  total_micros: number;
}

export interface ChannelChangeOut {
  old_channel: string;
  new_channel: string;
  touches: number;
  share: number;
}

export interface ChannelIn {
  kind: "SLACK" | "WEBHOOK";
  name: string;
  url: string;
  takes: (string)[];
  site_id?: string;
  least?: "INFO" | "WARNING" | "CRITICAL";
}

export interface ChannelOut {
  old_until_at: string | null;
  channel_id: string;
  kind: "SLACK" | "WEBHOOK";
  name: string;
  site_id: string;
  shown_url: string;
  takes: (string)[];
  owner_id: string;
  created_at: string;
  least: "INFO" | "WARNING" | "CRITICAL";
  status: "ACTIVE" | "PAUSED" | "DISABLED" | "REMOVED";
  reason: string;
  version: number;
}

export interface ChannelPatch {
  name?: string;
  url?: string;
  takes?: (string)[];
  least?: "INFO" | "WARNING" | "CRITICAL";
  status?: "ACTIVE" | "PAUSED";
  version?: number | null;
}

export interface ChannelRuleIn {
  channel: string;
  source?: string;
  medium?: string;
  campaign?: string;
}

export interface ChannelRuleOut {
  channel: string;
  source: string;
  medium: string;
  campaign: string;
}

export interface ChannelRulesIn {
  rules: (ChannelRuleIn)[];
}

export interface ChannelRulesOut {
  current: ChannelRulesVersionOut;
  versions: (ChannelRulesVersionOut)[];
}

export interface ChannelRulesPut {
  rules: (ChannelRuleIn)[];
  version?: number | null;
}

export interface ChannelRulesVersionOut {
  version: number;
  created_at: string;
  rules: (ChannelRuleOut)[];
}

export interface ChannelTypeOut {
  name: string;
  what: string;
}

export interface ChannelTypesOut {
  slack: (ChannelTypeOut)[];
  webhook: (ChannelTypeOut)[];
}

export interface ChannelsOut {
  items: (ChannelOut)[];
  cursor: string | null;
}

export interface CheckoutIn {
  plan: string;
  interval?: "month" | "year";
  currency?: string;
}

export interface CheckoutOut {
  url: string;
  expires_at: string;
}

export interface ChosenAccountsIn {
  external_ids: (string)[];
}

export interface ClaimOut {
  channel: string;
  source: string;
  conversions: number;
  revenue_micros: number;
  claimed_conversions: number;
  claimed_revenue_micros: number;
}

export interface ClaimPartsOut {
  claimed_micros: number;
  credited_micros: number;
  shared_micros: number;
  view_through_micros: number;
  date_basis_micros: number;
  unexplained_micros: number;
}

export interface ClaimsIn {
  period?: string;
  model?: Model | null;
  conversion?: string;
  names?: "then" | "now";
}

export interface ClaimsOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  model: Model;
  conversions: number;
  clicked: number;
  over_claim: number | null;
  platforms: (PlatformClaimOut)[];
}

export interface ClickIdIn {
  parameter: string;
  source: string;
  medium: string;
}

export interface ClicksOut {
  human: number;
  qr: number;
  other: number;
  by_opener: Record<string, number>;
}

export interface CodeIn {
  code: string;
}

export interface CohortOut {
  bucket: string;
  people: number;
  cells: (CellOut)[];
}

export interface CohortsIn {
  by?: "MONTH" | "CHANNEL";
  conversion?: string;
  period?: string;
}

export interface CohortsOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  by: "MONTH" | "CHANNEL";
  currency: string;
  cohorts: (ValueCohortOut)[];
  average: (number | null)[];
  no_rate: number;
}

export interface ColumnOut {
  name: string;
  label: string;
  kind: "COUNT" | "MONEY" | "RATIO" | "MILLISECONDS";
}

export interface ComparedModelOut {
  model: Model;
  conversions: number;
  revenue_micros: number;
  not_computed: number;
  verdict: VerdictOut | null;
}

export interface ComparisonOut {
  by: "channel" | "source" | "medium" | "campaign" | "ad" | "landing_page";
  currency: string;
  timezone: string;
  from: string;
  to: string;
  conversion: string;
  as_of: string | null;
  rows: (Record<string, unknown>)[];
  now: (ComparedModelOut)[];
  then: (ComparedModelOut)[] | null;
  missing_rates: (MissingRateOut)[];
  note: string;
  damaged_files: (string)[];
}

export interface ConditionIn {
  metric: "visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr";
  comparison: "ABOVE" | "BELOW" | "CHANGE_ABOVE" | "CHANGE_BELOW" | "ODD";
  value?: number | null;
  days?: number;
}

export interface ConditionOut {
  metric: "visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr";
  comparison: "ABOVE" | "BELOW" | "CHANGE_ABOVE" | "CHANGE_BELOW" | "ODD";
  value: number | null;
  days: number;
}

export interface ConflictOut {
  by_id: CampaignChoiceOut;
  by_name: CampaignChoiceOut;
  named: string;
  visits: number;
}

export interface ConnectedIn {
  state: string;
  code: string;
}

export interface ConsentHistoryOut {
  standing: StandingOut;
  records: (ConsentRecordOut)[];
  more: boolean;
}

export interface ConsentRecordOut {
  record_id: string;
  purpose: "AD_USER_DATA" | "AD_PERSONALIZATION";
  granted: boolean;
  said_at: string;
  source: "TRACKER" | "SEGMENT" | "GOOGLE" | "GPC";
  policy_version: string;
  text_hash: string;
  gpc: boolean;
}

export interface ContributorOut {
  dimension: "channel" | "source" | "medium" | "campaign" | "ad" | "platform" | "account" | "platform_campaign" | "platform_group" | "platform_ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "entry_page" | "exit_page" | "page" | "hostname" | "event" | "event_kind" | "conversion" | "visitor" | "customer" | string;
  name: string;
  value: number;
  usual: number;
}

export interface ConversionDetailOut {
  conversion_id: string;
  customer_id: string;
  event_id: string;
  order_id: string;
  name: string;
  occurred_at: string;
  value_micros: number;
  currency: string;
  verified: boolean;
  gross_micros: number;
  reports: (ReportOut)[];
  corrections: (CorrectionOut)[];
  limits: (OrderLimitOut)[];
  status: CreditStatus;
  evidence: Evidence;
  computed_at: string | null;
  window_days: number;
  settings_version: number | null;
  fit_version: number | null;
  engine_version: number | null;
  path: (TouchOut)[];
  credits: (ModelCreditsOut)[];
  left_out: (LeftOutTouchOut)[];
  passed_visits: (PassedVisitOut)[];
  links: (IdentityLinkOut)[];
}

export interface ConversionOut {
  conversion_id: string;
  customer_id: string;
  event_id: string;
  order_id: string;
  name: string;
  occurred_at: string;
  value_micros: number;
  currency: string;
  verified: boolean;
}

export interface ConversionTypeIn {
  name: string;
  lookback_days?: number | null;
  models?: (Model)[];
}

export interface ConversionTypeOut {
  name: string;
  lookback_days: number | null;
  models: (Model)[];
}

export interface ConversionsOut {
  items: (ConversionOut)[];
  cursor: string | null;
}

export interface CorrectionOut {
  event_id: string;
  name: string;
  occurred_at: string;
  value_micros: number | null;
  currency: string;
  from_server: boolean;
  refusal: "" | "CURRENCY" | "UNVERIFIED" | "NO_PRICE" | "NO_VALUE" | "REPEATED" | "NOTHING_LEFT" | "EARLIER";
  because: string;
}

export interface CostsIn {
  csv: string;
}

export interface CouponIn {
  code: string;
  name: string;
  duration: "ONCE" | "REPEATING" | "FOREVER";
  percent_basis_points?: number | null;
  amount?: number | string | null;
  currency?: string | null;
  months?: number | null;
  plans?: (string)[];
  max_uses?: number | null;
  valid_from_at?: string | null;
  valid_until_at?: string | null;
  first_payment_only?: boolean;
}

export interface CouponOut {
  currency: string | null;
  plans: (string)[];
  status: "ACTIVE" | "INACTIVE" | "SCHEDULED" | "EXPIRED" | "DEPLETED";
  coupon_id: string;
  code: string;
  name: string;
  duration: "ONCE" | "REPEATING" | "FOREVER";
  created_at: string;
  percent_basis_points: number | null;
  amount_micros: number | null;
  months: number | null;
  max_uses: number | null;
  valid_from_at: string | null;
  valid_until_at: string | null;
  first_payment_only: boolean;
  uses: number;
  active: boolean;
  version: number;
}

export interface CouponPatch {
  coupon_id: string;
  active: boolean;
  version?: number | null;
}

export interface CouponsOut {
  items: (CouponOut)[];
  cursor: string | null;
}

export interface CoverageIn {
  period?: string;
  model?: Model | null;
}

export interface CoverageOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  currency: string;
  model: Model;
  campaigns: (SilentCampaignOut)[];
  visits: (UnresolvedVisitsOut)[];
  conflicts: (ConflictOut)[];
  by_evidence: (EvidenceCountOut)[];
}

export interface CoveredDayOut {
  day: string;
  status: "NEVER" | "PROVISIONAL" | "SETTLING" | "SETTLED";
  pulled_at: string | null;
  spend_micros: number;
}

export interface CreditAdjustmentIn {
  organization_id: string;
  amount: number;
  note: string;
  expires_at?: string | null;
}

export interface CreditCheckOut {
  intact: boolean;
  fault: string | null;
  copied_until: string | null;
  good_entries: number;
  last_seal: string;
}

export interface CreditEntriesOut {
  items: (CreditEntryOut)[];
  cursor: string | null;
}

export interface CreditEntryOut {
  sequence: number;
  written_at: string;
  type: "EARN_REGENERATION" | "EARN_UPGRADE" | "EARN_PURCHASE" | "EARN_BONUS" | "EARN_ADJUSTMENT" | "TAKE_ADJUSTMENT" | "SPEND" | "HOLD" | "CAPTURE" | "RELEASE" | "TIMEOUT" | "ROLLOVER" | "EXPIRE" | "REVERSAL" | "RESTORE";
  amount: number;
  balance_after: number;
  held_after: number;
  source_kind: string;
  source_id: string;
  product: string | null;
  actor: string | null;
  note: string;
  hold_id: string | null;
  reverses: number | null;
  due_at: string | null;
  postings: Record<string, number>;
  kinds: Record<string, number>;
  seal: string;
}

export interface CreditGuardOut {
  rows: (CreditKeptOut)[];
  days: (CreditKeptOnDayOut)[];
}

export interface CreditHoldOut {
  hold_id: string;
  product: string;
  left: number;
  expires_at: string;
}

export interface CreditHoldsOut {
  items: (CreditHoldOut)[];
  cursor: string | null;
}

export interface CreditKeptOnDayOut {
  day: string;
  rows: (CreditKeptOut)[];
}

export interface CreditKeptOut {
  referrer: string;
  returns: number;
  sessions: number;
}

export interface CreditLotOut {
  kind: "PLAN" | "ROLLOVER" | "PURCHASE" | "BONUS" | "ADJUSTMENT" | "RELEASED";
  remaining: number;
  expires_at: string | null;
  paid: boolean;
}

export interface CreditLotsOut {
  items: (CreditLotOut)[];
  cursor: string | null;
}

export type CreditStatus = "PENDING" | "COMPUTED";

export interface CustomDimensionIn {
  name: string;
  property: string;
}

export interface CustomWeightsIn {
  first: number;
  middle: number;
  last: number;
  half_life_days?: number | null;
}

export interface CustomWeightsOut {
  first: number;
  middle: number;
  last: number;
  half_life_days: number | null;
}

export interface CustomerLimitOut {
  limit: "MANY_IDENTIFIERS" | "LONG_HISTORY" | "CROWDED_DAY";
  because: string;
}

export interface CustomerOut {
  customer_id: string;
  identities: (IdentityOut)[];
  links: (IdentityLinkOut)[];
  journeys: (JourneyOut)[];
  timeline: (TimelineEventOut)[];
  limits: (CustomerLimitOut)[];
}

export interface CustomerSummaryOut {
  customer_id: string;
  first_seen_at: string;
  last_seen_at: string;
  touches: number;
  conversions: number;
}

export interface CustomersOut {
  items: (CustomerSummaryOut)[];
  cursor: string | null;
}

export interface DashboardAnswerOut {
  dashboard_id: string;
  name: string;
  version: number;
  cards: (CardAnswerOut)[];
}

export interface DashboardAskIn {
  period?: string | null;
  compare?: string | null;
}

export interface DashboardIn {
  shared?: boolean;
  cards?: (CardIn)[];
  name: string;
  template?: "SHOP" | "B2B" | "CONTENT" | "AGENCY" | null;
}

export interface DashboardOut {
  cards: (CardOut)[];
  dashboard_id: string;
  name: string;
  owner_id: string;
  created_at: string;
  shared: boolean;
  version: number;
}

export interface DashboardPatch {
  shared?: boolean;
  cards?: (CardIn)[];
  name?: string;
  version?: number | null;
}

export interface DashboardsOut {
  items: (DashboardOut)[];
  cursor: string | null;
}

export interface DataMapOut {
  version: number;
  retention: DataRetentionOut;
  classes: (KeptOut)[];
}

export interface DataRetentionOut {
  events_days: number;
  ads_days: number;
  errors_days: number;
  audit_days: number;
  version: number;
}

export interface DataRetentionPatch {
  events_days?: number;
  ads_days?: number;
  errors_days?: number;
  audit_days?: number;
  version?: number | null;
}

export interface DayUsageOut {
  hours: (number)[];
  day: string;
  events: number;
}

export interface DeletionIn {
  kind: "SITE" | "WORKSPACE" | "ORGANIZATION";
  target_id: string;
  name: string;
  password?: string;
  wait_days?: number;
}

export interface DeletionOut {
  deletion_id: string;
  kind: "SITE" | "WORKSPACE" | "ORGANIZATION" | "ACCOUNT";
  target_id: string;
  name: string;
  asked_at: string;
  due_at: string;
  status: "WAITING" | "RUNNING" | "DONE" | "CANCELLED";
  sites: (string)[];
  deleted: Record<string, number>;
  kept: Record<string, number>;
  remaining: number;
  ended_at: string | null;
}

export interface DeletionsOut {
  items: (DeletionOut)[];
  cursor: string | null;
}

export interface DeliveriesOut {
  items: (DeliveryOut)[];
  cursor: string | null;
}

export interface DeliveryOut {
  next_at: string | null;
  sent_at: string | null;
  delivery_id: string;
  kind: string;
  subject: string;
  about: string;
  created_at: string;
  severity: "INFO" | "WARNING" | "CRITICAL";
  status: "PENDING" | "SENDING" | "SENT" | "DELIVERED" | "BOUNCED" | "COMPLAINED" | "FAILED" | "SUPPRESSED" | "DIGESTED";
  reason: string;
  attempts: number;
  answer: number;
  part_of: string;
  changed_at: string;
}

export interface DestinationIn {
  kind?: "FOLDER" | "S3";
  bucket?: string;
  prefix?: string;
  region?: string;
  endpoint?: string;
  role_arn?: string;
  access_key_id?: string;
  secret_access_key?: string;
  active?: boolean;
  version?: number | null;
}

export interface DestinationOut {
  has_secret: boolean;
  external_id: string;
  last_copy: LastCopyOut;
  kind: "FOLDER" | "S3";
  bucket: string;
  prefix: string;
  region: string;
  endpoint: string;
  role_arn: string;
  access_key_id: string;
  active: boolean;
  version: number;
}

export interface DestinationTestOut {
  works?: boolean;
}

export interface DifferenceLineOut {
  reason: "BOT" | "OPTED_OUT" | "EXCLUDED" | "UNVERIFIED" | "OVER_LIMIT" | "MANY_REPORTS" | "REFUNDS" | "UNEXPLAINED";
  orders: number;
  revenue_micros: number;
  because: string;
}

export interface DimensionOut {
  name: string;
  label: string;
  about: string;
}

export interface DimensionValueOut {
  value: string;
  first_seen_at: string;
  last_seen_at: string;
  touches: number;
  category: "search" | "social" | "video" | "shopping" | "assistant" | "email" | "other" | null;
}

export interface DimensionsOut {
  items: (DimensionValueOut)[];
  cursor: string | null;
  kind: "landing_page" | "referrer_domain" | "utm_source" | "utm_medium" | "utm_campaign" | "utm_term" | "utm_content";
}

export interface DryRunOut {
  from: string;
  to: string;
  touches: number;
  changes: (ChannelChangeOut)[];
}

export interface EarnedOut {
  model: Model;
  conversions: number;
  revenue_micros: number;
}

export interface EdgeOut {
  step: number;
  node: string;
  next: string;
  paths: number;
}

export interface EnrolmentOut {
  secret: string;
  otpauth_uri: string;
  qr_svg: string;
}

export interface EntitlementsOut {
  plan: string;
  plan_version: number;
  stance: "SELF_HOSTED" | "INTERNAL" | "SUSPENDED" | "FREE" | "TRIAL" | "ACTIVE" | "CANCELING" | "PAST_DUE" | "LAPSED";
  monthly_events: number | null;
  monthly_ad_spend_micros: number | null;
  seats: number | null;
  features: ("data_driven_models" | "ad_platforms" | "alerts" | "sharing" | "warehouse" | "api_access" | "priority")[];
  credits_per_month: number;
  max_rollover: number;
  grace_percent: number;
  grace_days: number;
  overage: boolean;
  until_at: string | null;
}

export interface ErrorCostOut {
  visitors: number;
  carts: number;
  value_micros: number;
  currency: string;
}

export interface ErrorOut {
  title: string;
  resolved_at: string | null;
  issue_id: string;
  site_id: string;
  environment: "FRONTEND" | "BACKEND";
  error_type: string;
  message: string;
  source_file: string;
  source_line: number;
  source_column: number;
  caller_name: string;
  route: string;
  error_code: string;
  first_seen_at: string;
  last_seen_at: string;
  count: number;
  first_release: string;
  release: string;
  status: "OPEN" | "RESOLVED";
  regressed: boolean;
  regressions: number;
  resolved_by: string;
  version: number;
  stack: (FrameOut)[];
  recent: (OccurrenceOut)[];
}

export interface ErrorPatch {
  status: "OPEN" | "RESOLVED";
  version?: number | null;
}

export interface ErrorSummaryOut {
  title: string;
  resolved_at: string | null;
  issue_id: string;
  site_id: string;
  environment: "FRONTEND" | "BACKEND";
  error_type: string;
  message: string;
  source_file: string;
  source_line: number;
  source_column: number;
  caller_name: string;
  route: string;
  error_code: string;
  first_seen_at: string;
  last_seen_at: string;
  count: number;
  first_release: string;
  release: string;
  status: "OPEN" | "RESOLVED";
  regressed: boolean;
  regressions: number;
  resolved_by: string;
  version: number;
}

export interface ErrorsOut {
  items: (ErrorSummaryOut)[];
  cursor: string | null;
  report_to: string;
}

export interface EventOut {
  event_id: string;
  occurred_at: string;
  received_at: string;
  kind: string;
  name: string;
  customer_id: string;
  url: string;
  value_micros: number | null;
  currency: string;
  from_server: boolean;
  left_out: string;
  left_out_because: string;
  warnings: (string)[];
}

export interface EventsOut {
  items: (EventOut)[];
  cursor: string | null;
  from: string;
  to: string;
  timezone: string;
  note: string;
}

export type Evidence = "NO_TOUCH" | "DETERMINISTIC" | "PROBABILISTIC" | "CONSENT_LIMITED";

export interface EvidenceCountOut {
  evidence: "CLICK_VIEW" | "URL_ID" | "LINK" | "AUTO" | "AMBIGUOUS" | "FOREIGN" | "UNKNOWN";
  visits: number;
}

export interface ExactSetOut {
  values: (string)[];
  conversions: number;
}

export interface ExclusionIn {
  event: MatcherIn;
  after: number;
  before: number;
}

export interface ExplainedConversionOut {
  conversion_id: string;
  customer_id: string;
  name: string;
  occurred_at: string;
  value_micros: number;
  currency: string;
  path_length: number;
  window_days: number;
  evidence: Evidence;
  settings_version: number;
  fit_version: number;
  engine_version: number;
  revision: number;
  computed_at: string;
  missing_day: string;
  touches: (ExplainedTouchOut)[];
}

export interface ExplainedDayOut {
  period: string;
  value: number | null;
  usual: number | null;
  low: number | null;
  high: number | null;
}

export interface ExplainedTouchOut {
  touch_id: string;
  occurred_at: string | null;
  position: number;
  channel: string;
  source: string;
  medium: string;
  campaign: string;
  ad: string;
  landing_page: string;
  weight: number;
  credit_micros: number;
  revenue_micros: number | null;
  channel_rules_version: number | null;
}

export interface ExplanationOut {
  items: (ExplainedConversionOut)[];
  cursor: string | null;
  model: Model;
  by: "channel" | "source" | "medium" | "campaign" | "ad" | "landing_page";
  value: string;
  currency: string;
  timezone: string;
  from: string;
  to: string;
  conversion: string;
  as_of: string;
  totals: ExplanationTotalsOut;
  verdict: VerdictOut | null;
  note: string;
  damaged_files: (string)[];
}

export interface ExplanationTotalsOut {
  conversions: number;
  weights: number;
  revenue_micros: number;
}

export interface ExportIn {
  metrics: ("visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr")[];
  dimensions?: ("channel" | "source" | "medium" | "campaign" | "ad" | "platform" | "account" | "platform_campaign" | "platform_group" | "platform_ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "entry_page" | "exit_page" | "page" | "hostname" | "event" | "event_kind" | "conversion" | "visitor" | "customer" | "hour" | "day" | "week" | "month" | string)[];
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
  compare?: string;
  model?: Model | null;
  basis?: "CONVERSION_DAY" | "TOUCH_DAY";
  names?: "then" | "now";
  as_of?: string | null;
  provisional?: boolean;
  order?: string;
  limit?: number;
  format: "csv" | "parquet";
  bom?: boolean;
}

export interface FailedEventOut {
  failed_event_id: string;
  received_at: string;
  source: string;
  reason: string;
  body: string | null;
  body_base64?: string | null;
}

export interface FailedEventsOut {
  items: (FailedEventOut)[];
  cursor: string | null;
}

export interface FeedbackAgainIn {
  destination_id: string;
}

export interface FeedbackDestinationIn {
  login_id?: string;
  scope?: "CLICKS" | "ALL";
  value_percent?: number;
  vendor_ids?: "EVENT_ID" | "ORDER_ID";
  limited_use?: boolean;
  test_code?: string;
  name: string;
  platform: string;
  connection_id: string;
  target: string;
  events: (ToldEventIn)[];
  enabled?: boolean;
}

export interface FeedbackDestinationOut {
  platform: string;
  events: (ToldEventOut)[];
  site_id: string;
  destination_id: string;
  name: string;
  connection_id: string;
  target: string;
  created_at: string;
  since: string;
  login_id: string;
  scope: "CLICKS" | "ALL";
  value_percent: number;
  vendor_ids: "EVENT_ID" | "ORDER_ID";
  limited_use: boolean;
  test_code: string;
  enabled: boolean;
  version: number;
  silent_because: string;
}

export interface FeedbackDestinationPatch {
  login_id?: string;
  scope?: "CLICKS" | "ALL";
  value_percent?: number;
  vendor_ids?: "EVENT_ID" | "ORDER_ID";
  limited_use?: boolean;
  test_code?: string;
  name?: string;
  connection_id?: string;
  target?: string;
  events?: (ToldEventIn)[];
  enabled?: boolean;
  version?: number | null;
}

export interface FeedbackDestinationsOut {
  items: (FeedbackDestinationOut)[];
  cursor: string | null;
}

export interface FeedbackEntryOut {
  platform: string;
  destination_id: string;
  destination: string;
  because: string;
  conversion_id: string;
  place: string;
  vendor_id: string;
  name: string;
  told_as: string;
  order_id: string;
  occurred_at: string;
  value_micros: number;
  told_micros: number;
  currency: string;
  created_at: string;
  status: "PENDING" | "CLAIMED" | "ACCEPTED" | "CONFIRMED" | "REJECTED" | "SKIPPED" | "EXPIRED" | "INDETERMINATE" | "UNKNOWN";
  is_change: boolean;
  due_at: string | null;
  over: boolean;
  reason: string;
  attempts: number;
  sent_at: string | null;
  answered_at: string | null;
  answer: string;
  trace: string;
  digest: string;
  found_by: (string)[];
}

export interface FeedbackFunnelOut {
  destination: FeedbackDestinationOut;
  reasons: (FeedbackReasonOut)[];
  untold: (FeedbackUntoldOut)[];
  keys: (FeedbackKeyOut)[];
  pending: number;
  sending: number;
  recorded: number;
  sent: number;
  accepted: number;
  confirmed: number;
  changes: number;
  median_seconds: number | null;
  p95_seconds: number | null;
}

export interface FeedbackFunnelsOut {
  destinations: (FeedbackFunnelOut)[];
}

export interface FeedbackKeyOut {
  key: string;
  count: number;
  share: number;
}

export interface FeedbackOfConversionOut {
  told: (FeedbackEntryOut)[];
}

export interface FeedbackReasonOut {
  status: "PENDING" | "CLAIMED" | "ACCEPTED" | "CONFIRMED" | "REJECTED" | "SKIPPED" | "EXPIRED" | "INDETERMINATE" | "UNKNOWN";
  reason: string;
  because: string;
  count: number;
}

export interface FeedbackTestOut {
  outcome: "ACCEPTED" | "REFUSED" | "PARTIAL" | "RETRY" | "WAIT";
  code: string;
  trace: string;
}

export interface FeedbackUntoldOut {
  currency: string;
  value_micros: number;
}

export interface FiguresOut {
  orders: number;
  revenue_micros: number;
}

export interface FilterIn {
  dimension: "channel" | "source" | "medium" | "campaign" | "ad" | "platform" | "account" | "platform_campaign" | "platform_group" | "platform_ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "entry_page" | "exit_page" | "page" | "hostname" | "event" | "event_kind" | "conversion" | "visitor" | "customer" | string;
  operator: "is" | "is_not" | "contains" | "starts_with" | "is_set" | "is_not_set";
  values?: (string)[];
}

export interface FindingOut {
  what: string;
  fix: string;
}

export interface FindingsOut {
  items: (FindingOut)[];
  cursor: string | null;
}

export interface FitOut {
  version?: number;
  summary?: string;
  created_at?: string | null;
  from?: string | null;
  to?: string | null;
  conversions?: number;
  nulls?: number;
  markov_order?: number | null;
  engine_version?: number | null;
  models?: (LearnedModelOut)[];
}

export interface ForecastDayOut {
  day: string;
  actual_micros: number | null;
  complete: boolean;
  expected_micros: number | null;
  low_micros: number | null;
  high_micros: number | null;
}

export interface ForecastOut {
  timezone: string;
  period: PeriodOut;
  data_until: string | null;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  currency: string;
  method: "WEEKDAY_PROFILE";
  metrics: (MetricForecastOut)[];
}

export interface FrameOut {
  file: string;
  function: string;
  line: number;
  column: number;
  in_app: boolean;
  code: string;
  variables: Record<string, string>;
}

export interface FunnelBucketOut {
  bucket: string;
  units: (number)[];
  open: number;
}

export interface FunnelIn {
  steps: (MatcherIn)[];
  window_minutes?: number;
  step_order?: "LOOSE" | "STRICT" | "ANY";
  unit?: "CUSTOMER" | "SESSION";
  exclusions?: (ExclusionIn)[];
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  breakdown?: "channel" | "source" | "medium" | "campaign" | "ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "page" | "hostname" | "event" | "event_kind" | string | null;
  breakdown_event?: "ENTRY" | "DEEPEST";
  interval?: "DAY" | "WEEK" | "MONTH";
  period?: string;
}

export interface FunnelOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  steps: (FunnelStepOut)[];
  open: number;
  stopped: (number)[];
  values: (FunnelValueOut)[];
  series: (FunnelBucketOut)[];
}

export interface FunnelPeopleIn {
  steps: (MatcherIn)[];
  window_minutes?: number;
  step_order?: "LOOSE" | "STRICT" | "ANY";
  unit?: "CUSTOMER" | "SESSION";
  exclusions?: (ExclusionIn)[];
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  breakdown?: "channel" | "source" | "medium" | "campaign" | "ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "page" | "hostname" | "event" | "event_kind" | string | null;
  breakdown_event?: "ENTRY" | "DEEPEST";
  interval?: "DAY" | "WEEK" | "MONTH";
  period?: string;
  step: number;
  reached?: "NOT_NEXT" | "REACHED";
  value?: string | null;
  limit?: number;
  cursor?: string | null;
}

export interface FunnelPeopleOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  units: number;
  items: (FunnelPersonOut)[];
  cursor: string | null;
}

export interface FunnelPersonOut {
  customer_id: string;
  session_id: string | null;
  entered_at: string;
  reached_at: string | null;
  value: string;
  open: boolean;
}

export interface FunnelStepOut {
  units: number;
  from_first: number | null;
  from_previous: number | null;
  p50_ms: number | null;
  p90_ms: number | null;
}

export interface FunnelValueOut {
  value: string;
  steps: (FunnelStepOut)[];
  open: number;
}

export interface GroupMemberIn {
  role?: "MANAGER" | "MEMBER";
}

export interface GroupMemberOut {
  user_id: string;
  role: "MANAGER" | "MEMBER";
  added_by: string;
  added_at: string;
}

export interface HandlerMetricOut {
  tags: Record<string, string>;
  metric_name: string;
  metric_type: "COUNT" | "GAUGE";
  value: number;
  unit: "COUNT" | "MILLISECONDS";
  measured_at: string;
}

export interface HandlerMetricsOut {
  items: (HandlerMetricOut)[];
  cursor: string | null;
}

export interface HappenedOut {
  occurred_at: string;
  event: string;
  page: string;
  channel: string;
  source: string;
  country: string;
  conversion: boolean;
  value_micros: number | null;
  currency: string;
}

export interface HeldUsageOut {
  events: number;
  first_at: string;
  last_at: string;
  ends_at: string;
}

export interface IdentityLinkOut {
  customer_id: string;
  type: "user_id" | "custom" | "email" | "phone" | "ga_cid" | "anonymous_id" | "passing_id";
  other_customer_id: string;
  other_type: "user_id" | "custom" | "email" | "phone" | "ga_cid" | "anonymous_id" | "passing_id";
  confidence: number;
  source: "login" | "sdk" | "order";
  since: string;
  cut: boolean;
  counts: boolean;
}

export interface IdentityOut {
  customer_id: string;
  type: "user_id" | "custom" | "email" | "phone" | "ga_cid" | "anonymous_id" | "passing_id";
}

export interface ImportedCostsOut {
  added: number;
  restated: number;
  unchanged: number;
  superseded: number;
  superseded_spend: (SupersededOut)[];
}

export interface InboxOut {
  items: (NoticeOut)[];
  cursor: string | null;
  unread: UnreadOut;
}

export interface IncidentIn {
  title: string;
  text: string;
  impact?: "MINOR" | "MAJOR";
  components?: ("API" | "CONSOLE" | "EVENTS" | "CREDITS" | "AD_SYNC")[];
}

export interface IncidentOut {
  updates: (IncidentUpdateOut)[];
  resolved_at: string | null;
  incident_id: string;
  title: string;
  impact: "MINOR" | "MAJOR";
  components: ("API" | "CONSOLE" | "EVENTS" | "CREDITS" | "AD_SYNC")[];
  status: "INVESTIGATING" | "IDENTIFIED" | "MONITORING" | "RESOLVED";
  began_at: string;
  version: number;
}

export interface IncidentPatch {
  status: "INVESTIGATING" | "IDENTIFIED" | "MONITORING" | "RESOLVED";
  text: string;
  version?: number | null;
}

export interface IncidentUpdateOut {
  at_at: string;
  status: "INVESTIGATING" | "IDENTIFIED" | "MONITORING" | "RESOLVED";
  text: string;
}

export interface IncidentsOut {
  items: (IncidentOut)[];
  cursor: string | null;
}

export interface IngestCountsOut {
  accepted: number;
  stored: number;
  duplicates: number;
  failed: number;
  left_out: Record<string, number>;
  warned: number;
  not_kept: number;
  held: number;
}

export interface InvitationIn {
  email: string;
  role?: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";
  team_id?: string | null;
  workspace_id?: string | null;
  group_role?: "MANAGER" | "MEMBER";
}

export interface InvitationLinkIn {
  token: string;
}

export interface InvitationOut {
  invitation_id: string;
  email: string;
  role: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";
  team_id: string | null;
  workspace_id: string | null;
  group_role: "MANAGER" | "MEMBER" | null;
  status: "OPEN" | "ACCEPTED" | "DECLINED" | "REVOKED" | "EXPIRED";
  invited_by: string;
  created_at: string;
  sent_at: string;
  expires_at: string;
  accepted_by: string | null;
}

export interface InvoiceLineOut {
  from_at: string;
  until_at: string;
  description: string;
  amount_micros: number;
  quantity: number;
  plan: string;
  plan_version: number;
  proration: boolean;
}

export interface InvoiceOut {
  invoice_id: string;
  number: string;
  status: "DRAFT" | "OPEN" | "PAID" | "UNCOLLECTIBLE" | "VOID";
  reason: string;
  currency: string;
  subtotal_micros: number;
  discount_micros: number;
  tax_micros: number;
  total_micros: number;
  paid_micros: number;
  due_micros: number;
  created_at: string;
  subscription_id: string;
  paid_at: string | null;
  attempts: number;
  next_attempt_at: string | null;
  address: string;
  pdf: string;
}

export interface InvoiceUsageOut {
  lines: (LineUsageOut)[];
  invoice_id: string;
  as_of: string;
  timezone: string;
}

export interface InvoiceWithLinesOut {
  lines: (InvoiceLineOut)[];
  total_micros: number;
  invoice_id: string;
  number: string;
  status: "DRAFT" | "OPEN" | "PAID" | "UNCOLLECTIBLE" | "VOID";
  reason: string;
  currency: string;
  subtotal_micros: number;
  discount_micros: number;
  tax_micros: number;
  paid_micros: number;
  due_micros: number;
  created_at: string;
  subscription_id: string;
  paid_at: string | null;
  attempts: number;
  next_attempt_at: string | null;
  address: string;
  pdf: string;
}

export interface InvoicesOut {
  items: (InvoiceOut)[];
  cursor: string | null;
}

export interface JobAct {
  organization_id: string;
  kind: string;
  job_id: string;
  act: "RETRY" | "CANCEL";
}

export interface JobOut {
  job_id: string;
  site_id: string;
  type?: "ATTRIBUTION_RECOMPUTE";
  status: JobStatus;
  from: string;
  to: string;
  created_at: string;
  whole: boolean;
  days: number;
  days_done: number;
  days_unchanged: number;
  conversions: number;
  changed: number;
  reason: string;
  damaged_files: (string)[];
}

export type JobStatus = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface JourneyOut {
  status: "IN_PROGRESS" | "CONVERTED" | "ABANDONED";
  started_at: string;
  last_activity_at: string;
  conversion_id: string;
  touches: number;
  events: number;
  value_micros: number;
}

export interface JourneySummaryOut {
  customer_id: string;
  status: "IN_PROGRESS" | "CONVERTED" | "ABANDONED";
  started_at: string;
  last_activity_at: string;
  touches: number;
  first_channel: string;
  last_channel: string;
  conversion_id: string;
  value_micros: number;
  currency: string;
  abandonment_recorded_at: string | null;
}

export interface JourneysOut {
  items: (JourneySummaryOut)[];
  cursor: string | null;
}

export interface JudgementOut {
  outcome: "BREACH" | "FINE" | "LEARNING" | "TOO_LITTLE" | "NO_DATA";
  side: "LOW" | "HIGH";
  value: number | null;
  usual: number | null;
  bound: number | null;
  score: number | null;
  why: string;
}

export interface KeptOut {
  data: "ACCOUNTS" | "SETTINGS" | "EVENTS" | "LINKS" | "CONSENT" | "TOTALS" | "ADS" | "MESSAGES" | "BILLING" | "AUDIT" | "ERRORS" | "WORK";
  what: string;
  why: string;
  kept: string;
  personal: string;
  entities: (string)[];
}

export interface KnownAfterOut {
  days: number;
  share: number;
}

export interface LagsIn {
  conversion?: string;
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
}

export interface LagsOfOut {
  p50_ms: number | null;
  p90_ms: number | null;
  bins: (number)[];
}

export interface LagsOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  conversions: number;
  no_touch: number;
  bins: (string)[];
  first: LagsOfOut;
  last: LagsOfOut;
}

export interface LastCopyOut {
  started_at: string | null;
  finished_at: string | null;
  status: "NEVER" | "RUNNING" | "DONE" | "LEFT" | "FAILED";
  days: number;
  rows: number;
  size: number;
  reason: string;
}

export interface LearnedModelOut {
  model: Model;
  verdict: Verdict;
  summary: string;
  channels: (LearnedShareOut)[];
}

export interface LearnedShareOut {
  channel: string;
  share: number;
  low: number | null;
  high: number | null;
  removal_effect: number | null;
}

export type LeftOut = "OUTSIDE_WINDOW" | "AFTER_CONVERSION" | "OVER_LIMIT" | "REPEAT";

export interface LeftOutTouchOut {
  touch: TouchOut;
  reason: LeftOut;
}

export interface LineUsageOut {
  days: (DayUsageOut)[];
  sites: (SiteUsageOut)[];
  workspaces: (WorkspaceUsageOut)[];
  tokens: (TokenUsageOut)[];
  line: number;
  description: string;
  plan: string;
  monthly_events: number | null;
  start_at: string;
  end_at: string;
  events: number;
}

export interface LinkCutIn {
  customer_id: string;
  other_customer_id: string;
}

export interface LinkIn {
  label?: string;
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  expires_at?: string | null;
  max_clicks?: number | null;
  active?: boolean;
  path: string;
  target: string;
  domain?: string;
}

export interface LinkOut {
  address: string;
  link_id: string;
  domain: string;
  path: string;
  target: string;
  created_at: string;
  label: string;
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  utm_term: string;
  utm_content: string;
  expires_at: string | null;
  max_clicks: number | null;
  active: boolean;
  version: number;
}

export interface LinkPatch {
  label?: string;
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  expires_at?: string | null;
  max_clicks?: number | null;
  active?: boolean;
  target?: string;
  version?: number | null;
}

export interface LinkReportOut {
  link: LinkOut;
  clicks: ClicksOut;
  earned: (EarnedOut)[];
  visitors: number;
  currency: string;
}

export interface LinksOut {
  items: (LinkOut)[];
  cursor: string | null;
}

export interface ListedAccountsOut {
  listed: number;
}

export interface LiveOut {
  people: number;
  minutes: (MinuteOut)[];
  pages: (TopOut)[];
  sources: (TopOut)[];
  countries: (TopOut)[];
  latest: (HappenedOut)[];
  conversions: (HappenedOut)[];
  data_until: string;
}

export interface MagicLinkIn {
  token: string;
  as_token?: boolean;
}

export interface MailOut {
  mail_id: string;
  template: "VERIFY_ADDRESS" | "ACCOUNT_EXISTS" | "MAGIC_LINK" | "PASSWORD_RESET" | "NO_ACCOUNT" | "SIGN_UP_CLOSED" | "INVITATION" | "NEW_DEVICE" | "SECURITY_NOTICE" | "REPORT" | "REPORT_NOT_SENT" | "ALERT" | "NOTICE" | "BILLING";
  subject: string;
  about: string;
  status: "PENDING" | "SENDING" | "SENT" | "DELIVERED" | "BOUNCED" | "COMPLAINED" | "FAILED" | "SUPPRESSED" | "DIGESTED";
  reason: string;
  attempts: number;
  created_at: string;
  changed_at: string;
  next_at: string | null;
  sent_at: string | null;
  opened_at: string | null;
  clicked_at: string | null;
}

export interface MailRunOut {
  day: string;
  status: "WAITING" | "SENT" | "EMPTY" | "FAILED" | "MISSED";
  due_at: string;
  changed_at: string;
  sent: number;
  reason: string;
}

export interface MailRunsOut {
  runs: (MailRunOut)[];
}

export interface MailScheduleIn {
  timezone?: string;
  weekday?: number;
  month_day?: number;
  period?: string;
  attach_csv?: boolean;
  skip_empty?: boolean;
  name: string;
  kind: "DASHBOARD" | "VIEW";
  shared_id: string;
  every: "DAY" | "WEEK" | "MONTH";
  hour: number;
  recipients: (string)[];
}

export interface MailScheduleOut {
  due_at: string | null;
  unsubscribed: (string)[];
  schedule_id: string;
  name: string;
  kind: "DASHBOARD" | "VIEW";
  shared_id: string;
  every: "DAY" | "WEEK" | "MONTH";
  timezone: string;
  hour: number;
  recipients: (string)[];
  owner_id: string;
  created_at: string;
  weekday: number;
  month_day: number;
  period: string;
  attach_csv: boolean;
  skip_empty: boolean;
  active: boolean;
  version: number;
}

export interface MailSchedulePatch {
  timezone?: string;
  weekday?: number;
  month_day?: number;
  period?: string;
  attach_csv?: boolean;
  skip_empty?: boolean;
  name?: string;
  kind?: "DASHBOARD" | "VIEW";
  shared_id?: string;
  every?: "DAY" | "WEEK" | "MONTH";
  hour?: number;
  recipients?: (string)[];
  active?: boolean;
  version?: number | null;
}

export interface MailSchedulesOut {
  items: (MailScheduleOut)[];
  cursor: string | null;
}

export interface MailSentOut {
  status?: "MAIL_SENT";
}

export interface MailsOut {
  items: (MailOut)[];
  cursor: string | null;
}

export interface MaintenanceWindowIn {
  name: string;
  mode?: "MUTE" | "EXCLUDE";
  from_at: string;
  until_at: string;
}

export interface MaintenanceWindowOut {
  window_id: string;
  name: string;
  mode: "MUTE" | "EXCLUDE";
  from_at: string;
  until_at: string;
  version: number;
}

export interface MaintenanceWindowsOut {
  items: (MaintenanceWindowOut)[];
  cursor: string | null;
}

export interface MatcherIn {
  event?: string;
  filters?: (FilterIn | (FilterIn)[])[];
}

export interface MeasurementEvent {
  name: string;
  params?: Record<string, unknown>;
  timestamp_micros?: string | number;
}

export interface MeasurementRequest {
  client_id?: string;
  app_instance_id?: string;
  user_id?: string;
  user_agent?: string;
  user_location?: UserLocation;
  ip_override?: string;
  timestamp_micros?: string | number;
  consent?: unknown;
  position?: number;
  events: (MeasurementEvent)[];
}

export interface MemberOut {
  user_id: string;
  name?: string;
  email?: string;
  role: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";
  expires_at: string | null;
  roles: (AssignmentOut)[];
  grants: (AssignmentOut)[];
  added_by: string;
  joined_at: string;
}

export interface MemberPatch {
  role?: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";
  expires_at?: string | null;
  roles?: (AssignmentIn)[];
  grants?: (AssignmentIn)[];
}

export interface MetricForecastOut {
  metric: "revenue" | "spend";
  so_far_micros: number;
  forecast_micros: number | null;
  low_micros: number | null;
  high_micros: number | null;
  because: string;
  history_days: number;
  days: (ForecastDayOut)[];
}

export interface MetricOut {
  name: string;
  label: string;
  about: string;
  kind: "COUNT" | "MONEY" | "RATIO" | "MILLISECONDS";
  adds_up: boolean;
  dimensions: (string)[];
}

export interface MinuteOut {
  minute_at: string;
  people: number;
  events: number;
}

export interface MissingRateOut {
  currency: string;
  day: string;
  conversions: number;
  value_micros: number;
}

export type Model = "FIRST_TOUCH" | "LAST_TOUCH" | "LAST_NON_DIRECT" | "LINEAR" | "TIME_DECAY" | "POSITION_BASED" | "W_SHAPED" | "CUSTOM" | "MARKOV" | "SHAPLEY";

export interface ModelCreditsOut {
  model: Model;
  touches: (TouchCreditOut)[];
}

export interface MyOrganizationOut {
  organization: OrganizationOut;
  role: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";
  expires_at: string | null;
  is_current: boolean;
}

export interface NewApiKeyOut {
  secret: string;
  key: ApiKeyOut;
}

export interface NewChannelOut {
  channel: ChannelOut;
  secret: string;
}

export interface NewOperatorSiteIn {
  organization_id?: string;
  name: string;
  domains: (string)[];
  timezone?: string;
  currency?: string;
  conversion_events?: (string)[];
  lookback_days?: number | null;
  excluded_referrers?: (string)[];
  split_sessions_at_midnight?: boolean;
}

export interface NewOrganizationIn {
  name: string;
  slug?: string;
  currency?: string;
  timezone?: string;
  owner_email?: string;
}

export interface NewShareOut {
  used_at: string | null;
  share_id: string;
  kind: "DASHBOARD" | "VIEW";
  shared_id: string;
  label: string;
  owner_id: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  version: number;
  address: string;
}

export interface NewSiteOut {
  site: SiteOut;
  public_key: string;
}

export interface NewTokenOut {
  secret: string;
  token: TokenOut;
}

export interface NewUserIn {
  email: string;
  name: string;
  password: string;
  organization_id?: string;
}

export interface NoteOut {
  kind: "NO_RATE" | "NOT_COMPUTED" | "MODEL_NOT_TRUSTED" | "DAMAGED_FILES" | "NOT_ADDITIVE" | "NOTHING_FOUND" | "WHOLE_DAYS_COMPARED" | "MORE_ROWS" | "NOT_COUNTED_YET" | "NOT_READ" | "PROVISIONAL_DAYS" | "SUPERSEDED" | "CLAIMS_APART" | "UNASSIGNED" | "SHIFTED_DAYS" | "HELD_EVENTS";
  text: string;
}

export interface NoticeOut {
  notice_id: string;
  severity: "INFO" | "WARNING" | "CRITICAL";
  title: string;
  url: string;
  created_at: string;
  read_at: string | null;
  text: string;
}

export interface NotificationChoiceIn {
  kind: string;
  way: "INBOX" | "MAIL";
  timing: "AT_ONCE" | "DIGEST" | "OFF";
}

export interface NotificationKindOut {
  name: string;
  what: string;
  mandatory: boolean;
}

export interface NotificationPreferencesIn {
  choices?: (NotificationChoiceIn)[];
  timezone?: string;
  quiet_from?: string;
  quiet_until?: string;
  version?: number | null;
}

export interface NotificationPreferencesOut {
  kinds: (NotificationKindOut)[];
  ways: (NotificationWayOut)[];
  timezone: string;
  quiet_from: string;
  quiet_until: string;
  changed_at: string | null;
  version: number;
}

export interface NotificationWayOut {
  kind: string;
  way: "INBOX" | "MAIL";
  chosen: "AT_ONCE" | "DIGEST" | "OFF" | null;
  timing: "AT_ONCE" | "DIGEST" | "OFF";
}

export interface OAuthStartOut {
  authorization_url: string;
}

export interface OccurrenceOut {
  metadata: Record<string, unknown>;
  error_id: string;
  occurred_at: string;
  message: string;
  release: string;
  route: string;
  user_id: string;
  customer_id: string;
}

export interface OfferedProvidersOut {
  items: ("google" | "github")[];
  cursor: string | null;
}

export interface OperatorOrganizationOut {
  organization_id: string;
  name: string;
  slug: string;
  currency: string;
  timezone: string;
  created_at: string;
}

export interface OperatorOrganizationsOut {
  items: (OperatorOrganizationOut)[];
  cursor: string | null;
}

export interface OperatorSiteOut {
  organization_id: string;
  site_id: string;
  public_key: string;
  write_key: string;
  api_key: string;
}

export interface OrderLimitOut {
  limit: "MANY_REPORTS" | "MANY_REPORTERS" | "CROWDED_DAY";
  because: string;
}

export interface OrganizationIn {
  name: string;
  slug?: string;
  currency?: string;
  timezone?: string;
}

export interface OrganizationOut {
  organization_id: string;
  name: string;
  currency: string;
  slug: string;
  timezone: string;
  logo_url: string;
  created_at: string;
  deletion_due_at: string | null;
  version: number;
}

export interface OrganizationPatch {
  name?: string;
  slug?: string;
  currency?: string;
  timezone?: string;
  logo_url?: string;
  version?: number | null;
}

export interface OriginOut {
  network: string;
  device: string;
  place: string;
}

export interface OverageUsageOut {
  events: number;
  billed: number;
  currency: string;
  amount_micros: number;
  cap_micros: number | null;
}

export interface OverdraftIn {
  organization_id: string;
  credits: number;
}

export interface OverlapIn {
  conversion?: string;
  dimension?: "channel" | "source" | "medium" | "campaign" | "ad" | "landing_page";
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
}

export interface OverlapOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  conversions: number;
  no_touch: number;
  reach: (ReachOut)[];
  pairs: (TogetherOut)[];
  sets: (ExactSetOut)[];
}

export interface OverridesOut {
  features: (string)[];
  monthly_events: number | null;
  monthly_ad_spend_micros: number | null;
  seats: number | null;
  credits_per_month: number | null;
  max_rollover: number | null;
}

export interface OverviewOut {
  metrics: (ColumnOut)[];
  totals: RowOut;
  series: (RowOut)[];
  channels: (RowOut)[];
  campaigns: (RowOut)[];
  changed_channels: (RowOut)[];
  changed_campaigns: (RowOut)[];
  visitors: (RowOut)[];
  customer_metrics: (ColumnOut)[];
  customers: (RowOut)[];
  currency: string;
  timezone: string;
  model: Model;
  period: PeriodOut;
  compared: PeriodOut | null;
  compared_until_hour: number | null;
  data_until: string | null;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
}

export interface PackageIn {
  name: string;
  credits: number;
  prices: Record<string, number | string>;
  months?: number | null;
  place?: number;
}

export interface PackageOut {
  price_micros: Record<string, number>;
  package_id: string;
  name: string;
  credits: number;
  place: number;
  active: boolean;
  created_at: string;
  months: number | null;
  version: number;
}

export interface PackagePatch {
  package_id: string;
  name?: string;
  prices?: Record<string, number | string>;
  months?: number | null;
  place?: number;
  active?: boolean;
  version?: number | null;
}

export interface PackagesOut {
  items: (PackageOut)[];
  cursor: string | null;
}

export interface PageOut_GroupMemberOut_ {
  items: (GroupMemberOut)[];
  cursor: string | null;
}

export interface PageOut_InvitationOut_ {
  items: (InvitationOut)[];
  cursor: string | null;
}

export interface PageOut_MemberOut_ {
  items: (MemberOut)[];
  cursor: string | null;
}

export interface PageOut_MyOrganizationOut_ {
  items: (MyOrganizationOut)[];
  cursor: string | null;
}

export interface PageOut_RoleOut_ {
  items: (RoleOut)[];
  cursor: string | null;
}

export interface PageOut_SiteOut_ {
  items: (SiteOut)[];
  cursor: string | null;
}

export interface PageOut_TeamOut_ {
  items: (TeamOut)[];
  cursor: string | null;
}

export interface PageOut_WorkspaceOut_ {
  items: (WorkspaceOut)[];
  cursor: string | null;
}

export interface PassedVisitOut {
  reason: string;
  because: string;
  session_id: string;
  started_at: string;
  landing_page: string;
  referrer: string;
}

export interface PasswordIn {
  current_password?: string;
  new_password: string;
}

export interface PasswordResetIn {
  token: string;
  password: string;
}

export interface PathsIn {
  dimension?: "channel" | "source" | "medium" | "campaign" | "ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "page" | "hostname" | "event" | "event_kind" | string;
  unit?: "CUSTOMER" | "SESSION";
  anchor?: string | null;
  direction?: "FORWARD" | "BACKWARD";
  depth?: number;
  most_nodes?: number;
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
}

export interface PathsOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  paths: number;
  edges: (EdgeOut)[];
}

export interface PaymentMethodOut {
  method_id: string;
  kind: string;
  brand: string;
  last4: string;
  expires: string;
  created_at: string;
  is_default: boolean;
}

export interface PaymentMethodsOut {
  items: (PaymentMethodOut)[];
  cursor: string | null;
}

export interface PaymentOut {
  payment_id: string;
  status: "PENDING" | "SUCCEEDED" | "FAILED" | "REFUNDED";
  currency: string;
  amount_micros: number;
  created_at: string;
  refunded_micros: number;
  dispute: "" | "OPEN" | "WON" | "LOST";
  package_id: string;
  package_name: string;
  package_credits: number;
  package_months: number | null;
  card_brand: string;
  card_last4: string;
  receipt: string;
}

export interface PaymentsOut {
  items: (PaymentOut)[];
  cursor: string | null;
}

export interface PeriodOut {
  from: string;
  to: string;
}

export interface PersonIn {
  identifier: string;
}

export interface PersonRequestIn {
  kind: "ACCESS" | "ERASE" | "ANONYMISE";
  identifiers: (string)[];
}

export interface PersonRequestOut {
  before: Record<string, number>;
  after: Record<string, number>;
  verified_at: string | null;
  erased_at: string | null;
  done_at: string | null;
  export_until_at: string | null;
  request_id: string;
  kind: "ACCESS" | "ERASE" | "ANONYMISE";
  status: "RECEIVED" | "VERIFIED" | "RUNNING" | "DONE" | "REFUSED";
  requested_by: string;
  created_at: string;
  due_at: string;
  identifiers: number;
  version: number;
  verified_by: string;
  hashes: (string)[];
  reason: string;
  runs: number;
  customers: number;
}

export interface PersonRequestPatch {
  status: "VERIFIED" | "REFUSED";
  reason?: string;
  version?: number | null;
}

export interface PersonRequestsOut {
  items: (PersonRequestOut)[];
  cursor: string | null;
}

export interface PieceOut {
  table: string;
  first_day: string;
  last_day: string;
  size: number;
}

export interface PiecesOut {
  pieces: (PieceOut)[];
}

export interface PlanOut {
  prices: (PriceOut)[];
  slug: string;
  version: number;
  title: string;
  order: number;
  monthly_events: number | null;
  monthly_ad_spend_micros: number | null;
  seats: number | null;
  features: ("data_driven_models" | "ad_platforms" | "alerts" | "sharing" | "warehouse" | "api_access" | "priority")[];
  credits_per_month: number;
  max_rollover: number;
  grace_percent: number;
  grace_days: number;
  dunning_days: number;
  overage_per_event: string;
}

export interface PlansOut {
  items: (PlanOut)[];
  cursor: string | null;
}

export interface PlatformClaimOut {
  parts: ClaimPartsOut;
  campaigns: (CampaignClaimOut)[];
  accepted_not_claimed: number | null;
  platform: string;
  title: string;
  views_counted: boolean;
  date_basis_told: boolean;
  accepted: number | null;
}

export interface PortalOut {
  url: string;
}

export interface PreviewIn {
  plan: string;
  interval?: "month" | "year";
}

export interface PreviewLineOut {
  description: string;
  amount_micros: number;
  proration: boolean;
}

export interface PreviewOut {
  kind: "SITE" | "WORKSPACE" | "ORGANIZATION" | "ACCOUNT";
  target_id: string;
  name: string;
  counts: Record<string, number>;
  keeps: Record<string, string>;
  complete: boolean;
  copied_at: string | null;
}

export interface PriceOut {
  interval: "month" | "year";
  currency: string;
  amount_micros: number;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: "CONFLICT" | "FORBIDDEN" | "IDEMPOTENCY_KEY_IN_USE" | "IDEMPOTENCY_KEY_REUSED" | "INTERNAL" | "INVALID" | "LIMIT_EXCEEDED" | "NOT_FOUND" | "PAYMENT_REQUIRED" | "PLAN_LIMIT" | "PRECONDITION_FAILED" | "TOO_LARGE" | "UNAUTHENTICATED" | "UPSTREAM" | "VERSION_CHANGED";
  detail: string;
  fields?: ({ field: string; message: string; })[];
}

export interface ProfileOut {
  user_id: string;
  email: string;
  name: string;
  has_password: boolean;
  two_factor: boolean;
  avatar_url: string;
  locale: string;
  timezone: string;
  preferences: Record<string, string | number | boolean>;
  created_at: string;
}

export interface ProfilePatch {
  name?: string | null;
  avatar_url?: string | null;
  locale?: string | null;
  timezone?: string | null;
  preferences?: Record<string, string | number | boolean | null> | null;
}

export interface ProofIn {
  password?: string;
}

export interface ProviderOut {
  provider: "google" | "github";
  linked_at: string;
}

export interface ProvidersOut {
  items: (ProviderOut)[];
  cursor: string | null;
}

export interface PurchaseIn {
  package_id: string;
  currency?: string;
}

export interface PushedOut {
  made: (string)[];
}

export interface QuestionIn {
  metrics: ("visits" | "people" | "engaged_visits" | "bounced_visits" | "page_views" | "visit_ms" | "events" | "event_people" | "conversions" | "revenue" | "new_conversions" | "spend" | "clicks" | "impressions" | "claimed_conversions" | "claimed_revenue" | "engagement_rate" | "bounce_rate" | "pages_per_visit" | "visit_duration" | "conversion_rate" | "order_value" | "roas" | "cpa" | "cpc" | "cpm" | "cac" | "claimed_roas" | "claimed_cpa" | "mer" | "ctr")[];
  dimensions?: ("channel" | "source" | "medium" | "campaign" | "ad" | "platform" | "account" | "platform_campaign" | "platform_group" | "platform_ad" | "term" | "landing_page" | "referrer_domain" | "device" | "browser" | "os" | "country" | "entry_page" | "exit_page" | "page" | "hostname" | "event" | "event_kind" | "conversion" | "visitor" | "customer" | "hour" | "day" | "week" | "month" | string)[];
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
  compare?: string;
  model?: Model | null;
  basis?: "CONVERSION_DAY" | "TOUCH_DAY";
  names?: "then" | "now";
  as_of?: string | null;
  provisional?: boolean;
  order?: string;
  limit?: number;
}

export interface QuietHoursIn {
  start: string;
  end: string;
}

export interface ReachOut {
  value: string;
  conversions: number;
  alone: number;
  last: number;
  assisted: number;
}

export interface ReadIn {
  notice_ids: (string)[];
}

export interface RecomputeIn {
  from: string;
  to: string;
  whole?: boolean;
}

export interface ReconciledDayOut {
  day: string;
  ours: FiguresOut;
  shop: FiguresOut | null;
  difference: FiguresOut | null;
}

export interface ReconciliationIn {
  period?: string;
  shop_revenue?: "GROSS" | "NET";
  model?: Model | null;
}

export interface ReconciliationOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  currency: string;
  shop_revenue: "GROSS" | "NET";
  compared_days: number;
  ours: FiguresOut;
  shop: FiguresOut;
  difference: FiguresOut;
  lines: (DifferenceLineOut)[];
  days: (ReconciledDayOut)[];
  no_rate: number;
  model: Model;
  claims: (ClaimOut)[];
  failed_events: number;
}

export interface RecoveryCodesOut {
  recovery_codes: (string)[];
}

export interface RedeemIn {
  code: string;
}

export interface RedemptionOut {
  trial_plan: string | null;
  voucher_id: string;
  kind: "FIXED_TOKENS" | "PERCENTAGE_BONUS" | "SUBSCRIPTION_TRIAL";
  credits: number;
  bonus_percent: number;
  redeemed_at: string;
  expires_at: string | null;
}

export interface RefundIn {
  refund_id: string;
  amount?: number | string | null;
}

export interface ReplayIn {
  events?: (ReplayedEventIn)[];
  cursor?: string | null;
}

export interface ReplayOut {
  replayed: number;
  still_failing: number;
  failures: (StillFailingOut)[];
  cursor: string | null;
}

export interface ReplayedEventIn {
  failed_event_id: string;
  body?: string | null;
}

export interface ReportOut {
  event_id: string;
  name: string;
  occurred_at: string;
  value_micros: number | null;
  currency: string;
  from_server: boolean;
}

export interface RestatementOut {
  day: string;
  entity_id: string;
  at_at: string;
  spend_before_micros: number;
  spend_after_micros: number;
  claimed_before_micros: number;
  claimed_after_micros: number;
  gone: boolean;
}

export interface RetentionIn {
  start: MatcherIn;
  back: MatcherIn;
  interval?: "DAY" | "WEEK" | "MONTH";
  mode?: "ON" | "ON_OR_AFTER";
  first?: "EVER" | "IN_PERIOD";
  filters?: (FilterIn | (FilterIn)[])[];
  segments?: (string)[];
  period?: string;
}

export interface RetentionOut {
  timezone: string;
  period: PeriodOut;
  data_until: string;
  incomplete_days: (string)[];
  notes: (NoteOut)[];
  cohorts: (CohortOut)[];
  average: (number | null)[];
}

export interface RoleIn {
  name: string;
  description?: string;
  permissions: (string)[];
}

export interface RoleOut {
  role_id: string;
  name: string;
  description?: string;
  permissions: (string)[];
  is_built_in?: boolean;
}

export interface RolePatch {
  name?: string;
  description?: string;
  permissions?: (string)[];
}

export interface RowOut {
  keys: (string)[];
  values: (number | null)[];
  before: (number | null)[];
  change: (number | null)[];
}

export interface SecondFactorIn {
  challenge: string;
  code: string;
  as_token?: boolean;
}

export interface SegmentCampaign {
  source?: string;
  medium?: string;
  name?: string;
  term?: string;
  content?: string;
}

export interface SegmentContext {
  page?: SegmentPage;
  campaign?: SegmentCampaign | null;
  referrer?: SegmentReferrer;
  userAgent?: string;
  sessionId?: string;
  ip?: string;
  traits?: Record<string, unknown>;
  externalIds?: (unknown)[] | null;
}

export interface SegmentEvent {
  type?: "track" | "page" | "screen" | "identify" | "group" | "alias";
  event?: string;
  name?: string;
  messageId?: string;
  anonymousId?: string;
  userId?: string;
  groupId?: string;
  previousId?: string;
  timestamp?: string | number;
  originalTimestamp?: string | number;
  sentAt?: string | number;
  context?: SegmentContext;
  traits?: Record<string, unknown>;
  properties?: Record<string, unknown>;
}

export interface SegmentPage {
  url?: string;
  search?: string;
  referrer?: string;
  title?: string;
}

export interface SegmentReferrer {
  url?: string;
}

export interface SessionOut {
  session_id: string;
  device: string;
  place: string;
  method: "PASSWORD" | "MAGIC_LINK" | "SIGN_UP" | "GOOGLE" | "GITHUB";
  signed_in_at: string;
  last_seen_at: string;
  expires_at: string;
  is_current: boolean;
}

export interface SessionStartOut {
  me: ProfileOut;
  organizations: (MyOrganizationOut)[];
  permissions: (string)[];
  sites: (SiteOut)[];
  staff: boolean;
}

export interface SessionsOut {
  items: (SessionOut)[];
  cursor: string | null;
}

export interface SettingPatch {
  value?: number | string;
  description?: string;
  is_public?: boolean;
  number?: string | null;
}

export interface SettingsOut {
  items: (SystemSettingOut)[];
  cursor: string | null;
}

export interface SettlingOut {
  known_after: (KnownAfterOut)[];
  days: number;
}

export interface ShareIn {
  kind: "DASHBOARD" | "VIEW";
  shared_id: string;
  label?: string;
  expires_at?: string | null;
}

export interface ShareOut {
  used_at: string | null;
  share_id: string;
  kind: "DASHBOARD" | "VIEW";
  shared_id: string;
  label: string;
  owner_id: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  version: number;
}

export interface SharedAskIn {
  token: string;
}

export interface SharedOut {
  name: string;
  kind: "DASHBOARD" | "VIEW";
  expires_at: string;
  cards: (CardAnswerOut)[];
}

export interface SharesOut {
  items: (ShareOut)[];
  cursor: string | null;
}

export interface ShopTotalIn {
  day: string;
  orders: number;
  revenue: number | string;
  currency: string;
}

export interface ShopTotalsIn {
  rows?: (ShopTotalIn)[];
  csv?: string;
}

export interface SignInIn {
  email: string;
  password: string;
  as_token?: boolean;
}

export interface SignInOut {
  status: "SIGNED_IN" | "SECOND_FACTOR_NEEDED";
  expires_at: string;
  user?: ProfileOut | null;
  organization_id?: string | null;
  challenge?: string | null;
  session_token?: string | null;
}

export interface SignUpIn {
  email: string;
  name: string;
  password: string;
}

export interface SignUpRuleOut {
  policy: "OPEN" | "INVITED" | "DOMAINS";
  domains: (string)[];
}

export interface SilentCampaignOut {
  platform: string;
  account: string;
  campaign_id: string;
  name: string;
  spend_micros: number;
}

export interface SimulatedMonthOut {
  start_at: string;
  end_at: string;
  events: number;
  beyond: number;
  base_micros: number;
  beyond_micros: number;
  total_micros: number;
  paid_micros: number;
}

export interface SimulationOut {
  months: (SimulatedMonthOut)[];
  plan: string;
  interval: "month" | "year";
  currency: string;
  total_micros: number;
  paid_micros: number;
  holds: number;
}

export interface SiteIn {
  name: string;
  domains: (string)[];
  timezone?: string | null;
  currency?: string | null;
  conversion_events?: (string)[] | null;
  lookback_days?: number | null;
  excluded_referrers?: (string)[];
  split_sessions_at_midnight?: boolean;
  workspace_id?: string | null;
}

export interface SiteOut {
  public_key?: string;
  click_ids: (ClickIdIn)[];
  custom_dimensions: (CustomDimensionIn)[];
  site_id: string;
  name: string;
  domains: (string)[];
  timezone: string;
  currency: string;
  conversion_events: (string)[];
  lookback_days: number | null;
  excluded_referrers: (string)[];
  split_sessions_at_midnight: boolean;
  credit_guard: boolean;
  journey_window_days: number;
  privacy_signals: "IGNORE" | "LEAVE_OUT";
  unverified_conversions: "COUNT" | "LEAVE_OUT";
  conversion_feedback: "OFF" | "ON";
  match_key_days: number;
  visitor_storage: "COOKIES" | "COOKIELESS_UNTIL_CONSENT" | "COOKIELESS";
  status: "ACTIVE" | "PAUSED" | "ARCHIVED";
  workspace_id: string | null;
  created_at: string;
  deletion_due_at: string | null;
  version: number;
}

export interface SitePatch {
  name?: string;
  domains?: (string)[];
  timezone?: string;
  currency?: string;
  conversion_events?: (string)[];
  lookback_days?: number | null;
  excluded_referrers?: (string)[];
  split_sessions_at_midnight?: boolean;
  credit_guard?: boolean;
  click_ids?: (ClickIdIn)[];
  journey_window_days?: number;
  privacy_signals?: "IGNORE" | "LEAVE_OUT";
  unverified_conversions?: "COUNT" | "LEAVE_OUT";
  conversion_feedback?: "OFF" | "ON";
  match_key_days?: number;
  visitor_storage?: "COOKIES" | "COOKIELESS_UNTIL_CONSENT" | "COOKIELESS";
  custom_dimensions?: (CustomDimensionIn)[];
  status?: "ACTIVE" | "PAUSED" | "ARCHIVED";
  workspace_id?: string | null;
  version?: number | null;
}

export interface SiteUsageOut {
  site_id: string;
  events: number;
}

export interface SnoozeIn {
  until_at?: string | null;
  until_local?: string | null;
}

export interface SpendReportOut {
  by: "channel" | "source" | "medium" | "campaign";
  currency: string;
  from: string;
  to: string;
  rows: (Record<string, string | number>)[];
  totals: SpendTotalsOut;
  missing_rates: (MissingRateOut)[];
  damaged_files: (string)[];
}

export interface SpendTotalsOut {
  spend_micros: number;
  clicks: number;
  impressions: number;
}

export interface StaffIn {
  email: string;
}

export interface StaffKeyOut {
  key: string;
  expires_at: string;
}

export interface StaffMemberOut {
  ended_at: string | null;
  user_id: string;
  email: string;
  added_by: string;
  added_at: string;
}

export interface StaffOut {
  items: (StaffMemberOut)[];
  cursor: string | null;
}

export interface StaffPatch {
  user_id: string;
}

export interface StandingOut {
  ad_user_data: "GRANTED" | "DENIED" | "UNKNOWN";
  ad_personalization: "GRANTED" | "DENIED" | "UNKNOWN";
  gpc: boolean;
}

export interface StillFailingOut {
  failed_event_id: string;
  reason: string;
}

export interface StoredOut {
  stored: number;
}

export interface StoredTotalsOut {
  stored: number;
}

export interface StrongProofIn {
  password?: string;
  code: string;
}

export interface SupersededOut {
  currency: string;
  spend_micros: number;
}

export interface SystemSettingOut {
  value: number | string;
  changed_at: string | null;
  key: string;
  number: string;
  category: "limits" | "status";
  description: string;
  is_public: boolean;
  changed_by: string;
}

export interface TeamIn {
  name: string;
  description?: string;
  visibility?: "PUBLIC" | "PRIVATE" | "SECRET";
}

export interface TeamOut {
  team_id: string;
  name: string;
  created_at: string;
  description: string;
  visibility: "PUBLIC" | "PRIVATE" | "SECRET";
  archived_at: string | null;
  version: number;
}

export interface TeamPatch {
  name?: string;
  description?: string;
  visibility?: "PUBLIC" | "PRIVATE" | "SECRET";
  archived?: boolean;
  version?: number | null;
}

export interface TemplateOut {
  template: "SHOP" | "B2B" | "CONTENT" | "AGENCY";
  label: string;
  about: string;
  cards: (string)[];
}

export interface TemplatesOut {
  templates: (TemplateOut)[];
}

export interface TenantCostOut {
  organization_id: string;
  paid_micros: Record<string, number>;
  name: string;
  plan: string;
  page_events: number;
  server_events: number;
  cost_micros: number;
}

export interface TenantCostsOut {
  items: (TenantCostOut)[];
  cursor: string | null;
  start_at: string;
  end_at: string;
}

export interface TermsOut {
  customer_id: string | null;
  trial_plan: string | null;
  overrides: OverridesOut;
  entitlements: EntitlementsOut;
  created_at: string;
  stance: "BILLED" | "INTERNAL" | "SUSPENDED";
  trial_ends_at: string | null;
  spend_cap_micros: number | null;
  stop_at_cap: boolean;
  version: number;
}

export interface TermsPatch {
  organization_id: string;
  stance?: "BILLED" | "INTERNAL" | "SUSPENDED";
  trial_plan?: string;
  trial_ends_at?: string | null;
  monthly_events?: number | null;
  monthly_ad_spend?: number | string | -1 | null;
  seats?: number | null;
  credits_per_month?: number | null;
  max_rollover?: number | null;
  features?: ("data_driven_models" | "ad_platforms" | "alerts" | "sharing" | "warehouse" | "api_access" | "priority")[] | null;
  version?: number | null;
}

export interface TimelineConversionOut {
  conversion_id: string;
  value_micros: number;
  currency: string;
}

export interface TimelineEventOut {
  occurred_at: string;
  event_id: string;
  name: string;
  url: string;
  touch: TimelineTouchOut | null;
  conversion: TimelineConversionOut | null;
}

export interface TimelineTouchOut {
  touch_id: string;
  channel: string;
  source: string;
  medium: string;
  campaign: string;
}

export interface TogetherOut {
  values: (string)[];
  conversions: number;
  share_of_first: number;
  share_of_second: number;
}

export interface TokenIn {
  name: string;
  scopes?: ("ingest" | "import")[];
  ip_allowlist?: (string)[];
  expires_at?: string | null;
}

export interface TokenOut {
  token_id: string;
  name: string;
  prefix: string;
  scopes: ("ingest" | "import" | "manage")[];
  ip_allowlist: (string)[];
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  usage: (TokenUseOut)[];
}

export interface TokenUsageOut {
  token_id: string;
  events: number;
}

export interface TokenUseOut {
  day: string;
  events: number;
}

export interface TokensOut {
  items: (TokenOut)[];
  cursor: string | null;
}

export interface ToldEventIn {
  name: string;
  told_as: string;
}

export interface ToldEventOut {
  name: string;
  told_as: string;
}

export interface TopOut {
  value: string;
  people: number;
}

export interface TouchCreditOut {
  touch_id: string;
  channel: string;
  weight: number;
  credit_micros: number;
}

export interface TouchOut {
  touch_id: string;
  occurred_at: string;
  touch_type: "LANDING" | "AD_CLICK" | "EMAIL_CLICK" | "OFFLINE" | "";
  channel: string;
  source: string;
  medium: string;
  campaign: string;
  term: string;
  content: string;
  click_ids: Record<string, string>;
  landing_page: string;
  referrer_domain: string;
  late: boolean;
  evidence: "DETERMINISTIC" | "PROBABILISTIC" | "CONSENT_LIMITED";
  customer_id: string;
  channel_rules_version: number | null;
}

export interface TrackingTemplateOut {
  platform: string;
  title: string;
  url_parameters: string;
  where: string;
}

export interface TrackingTemplatesOut {
  items: (TrackingTemplateOut)[];
  cursor: string | null;
}

export interface TrialIn {
  plan?: string;
}

export interface TriedRuleDayOut {
  day: string;
  judgement: JudgementOut;
}

export interface TriedRuleOut {
  days: (TriedRuleDayOut)[];
  alerts: number;
}

export interface TwoFactorOut {
  recovery_codes: (string)[];
  session_token?: string | null;
}

export interface UnclaimedDay {
  day: string;
  failed: number;
  not_kept: number;
}

export interface UnclaimedOut {
  items: (UnclaimedDay)[];
  cursor: string | null;
}

export interface UnreadOut {
  total: number;
  warning: number;
  critical: number;
}

export interface UnresolvedVisitsOut {
  evidence: "CLICK_VIEW" | "URL_ID" | "LINK" | "AUTO" | "AMBIGUOUS" | "FOREIGN" | "UNKNOWN";
  choices: (CampaignChoiceOut)[];
  platform: string;
  source: string;
  medium: string;
  campaign: string;
  foreign_id: string;
  visits: number;
  conversions: number;
  revenue_micros: number;
}

export interface UsageForecastOut {
  events: number;
  low: number;
  high: number;
}

export interface UsageOut {
  held: HeldUsageOut | null;
  overage: OverageUsageOut | null;
  ad_spend: AdSpendUsageOut;
  forecast: UsageForecastOut | null;
  days: (DayUsageOut)[];
  sites: (SiteUsageOut)[];
  workspaces: (WorkspaceUsageOut)[];
  tokens: (TokenUsageOut)[];
  start_at: string;
  end_at: string;
  as_of: string;
  timezone: string;
  events: number;
  limit: number | null;
  percent: number | null;
  intake: "OPEN" | "HELD" | "STOPPED";
  allowed: number | null;
  holds_at: number | null;
}

export interface UserLocation {
  country_id?: string;
  city?: string;
}

export interface UserOut {
  user_id: string;
  email: string;
  name: string;
}

export interface ValueCellOut {
  month: number;
  revenue_micros: number;
  per_person_micros: number;
  complete: boolean;
}

export interface ValueCohortOut {
  key: string;
  people: number;
  revenue_micros: number;
  spend_micros: number;
  acquisition_cost_micros: number | null;
  paid_back_after: number | null;
  cells: (ValueCellOut)[];
}

export type Verdict = "ENOUGH_DATA" | "NOT_ENOUGH_DATA";

export interface VerdictOut {
  verdict: Verdict;
  reason: string;
}

export interface VerificationIn {
  token: string;
  password: string;
  as_token?: boolean;
}

export interface VerificationOut {
  intact: boolean;
  good_entries: number;
  fault: string;
  chains: (ChainVerificationOut)[];
}

export interface ViewIn {
  columns?: (string)[];
  shared?: boolean;
  name: string;
  kind: "QUESTION" | "FUNNEL" | "RETENTION" | "PATHS" | "TIME_TO_CONVERT" | "OVERLAP" | "COHORT_VALUE" | "SEGMENT";
  question: Record<string, unknown>;
}

export interface ViewOut {
  view_id: string;
  name: string;
  kind: "QUESTION" | "FUNNEL" | "RETENTION" | "PATHS" | "TIME_TO_CONVERT" | "OVERLAP" | "COHORT_VALUE" | "SEGMENT";
  question: Record<string, unknown>;
  columns: (string)[];
  shared: boolean;
  owner_id: string;
  created_at: string;
  version: number;
}

export interface ViewPatch {
  columns?: (string)[];
  shared?: boolean;
  name?: string;
  question?: Record<string, unknown>;
  version?: number | null;
}

export interface ViewsOut {
  items: (ViewOut)[];
  cursor: string | null;
}

export interface VoucherIn {
  code: string;
  kind: "FIXED_TOKENS" | "PERCENTAGE_BONUS" | "SUBSCRIPTION_TRIAL";
  value: number;
  name: string;
  max_uses?: number | null;
  expires_at?: string | null;
  credit_days?: number | null;
  plan?: string;
}

export interface VoucherOut {
  plan: string | null;
  status: "ACTIVE" | "INACTIVE" | "EXPIRED" | "DEPLETED";
  voucher_id: string;
  kind: "FIXED_TOKENS" | "PERCENTAGE_BONUS" | "SUBSCRIPTION_TRIAL";
  value: number;
  name: string;
  hint: string;
  created_at: string;
  max_uses: number | null;
  expires_at: string | null;
  credit_days: number | null;
  uses: number;
  active: boolean;
}

export interface VoucherPatch {
  voucher_id: string;
  active: boolean;
}

export interface VouchersOut {
  items: (VoucherOut)[];
  cursor: string | null;
}

export interface WaitingCorrectionOut {
  event_id: string;
  name: string;
  occurred_at: string;
  value_micros: number | null;
  currency: string;
  from_server: boolean;
  order_id: string;
}

export interface WaitingCorrectionsOut {
  items: (WaitingCorrectionOut)[];
  cursor: string | null;
}

export interface WhoAmIOut {
  organization_id: string | null;
  credential_id: string;
  user_id?: string | null;
  role: "OWNER" | "ADMIN" | "MEMBER" | "VIEWER" | null;
  permissions: (string)[];
}

export interface WiderOut {
  rule: AlertRuleOut;
  days_before: number;
  days_after: number;
  gone: (string)[];
}

export interface WorkspaceIn {
  name: string;
  slug?: string;
  monthly_orders?: "LESS_THAN_500" | "FROM_500_TO_4999" | "FROM_5000_TO_49999" | "FROM_50000";
  visibility?: "PUBLIC" | "PRIVATE" | "SECRET";
  team_id?: string | null;
}

export interface WorkspaceOut {
  workspace_id: string;
  name: string;
  slug: string;
  created_at: string;
  monthly_orders: "LESS_THAN_500" | "FROM_500_TO_4999" | "FROM_5000_TO_49999" | "FROM_50000";
  visibility: "PUBLIC" | "PRIVATE" | "SECRET";
  team_id: string | null;
  archived_at: string | null;
  deletion_due_at: string | null;
  version: number;
}

export interface WorkspacePatch {
  name?: string;
  slug?: string;
  monthly_orders?: "LESS_THAN_500" | "FROM_500_TO_4999" | "FROM_5000_TO_49999" | "FROM_50000";
  visibility?: "PUBLIC" | "PRIVATE" | "SECRET";
  team_id?: string | null;
  archived?: boolean;
  version?: number | null;
}

export interface WorkspaceUsageOut {
  workspace_id: string;
  events: number;
}
