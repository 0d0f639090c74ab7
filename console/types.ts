/** The API's models. Written by scripts/build_console_types.py (`make docs`); do not edit. */

export interface AcceptedEvents {
  accepted: number;
}

export interface Beacon {
  k: string;
  sent_at?: string | number;
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
  position?: number;
  events: (MeasurementEvent)[];
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: "CONFLICT" | "FORBIDDEN" | "IDEMPOTENCY_KEY_IN_USE" | "IDEMPOTENCY_KEY_REUSED" | "INTERNAL" | "INVALID" | "LIMIT_EXCEEDED" | "NOT_FOUND" | "PAYMENT_REQUIRED" | "PRECONDITION_FAILED" | "TOO_LARGE" | "UNAUTHENTICATED" | "UPSTREAM" | "VERSION_CHANGED";
  detail: string;
  fields?: ({ field: string; message: string; })[];
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

export interface UserLocation {
  country_id?: string;
  city?: string;
}
