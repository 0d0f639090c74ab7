"""Events, sessions, touches, people and conversions as rows of the lake."""

import json
from typing import Any

from optiq.journeys.contracts import Conversion, Touch
from optiq.journeys.customers.person import Person
from optiq.journeys.history import Fact
from optiq.journeys.journey import touch_id_of
from optiq.journeys.sessions import Session, session_id_of
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

Row = dict[str, Any]


def nobodys(event: EventAccepted) -> EventAccepted:
    """An event without anything that could tell whose it is."""
    blank = dict.fromkeys(("url", "referrer", "title", "user_agent", "country", "city", "session_hint", "order_id"), "")
    return event.model_copy(update={**blank, "campaign": None, "value_micros": None, "properties": "{}"})


def event_row(event: EventAccepted, customer_id: str, left_out: str) -> Row:
    """`left_out`: why reports leave it out, or ""."""
    campaign = event.campaign
    return {
        "event_id": event.event_id,
        "site_id": event.site_id,
        "customer_id": customer_id,
        "kind": event.kind,
        "name": event.name,
        "occurred_at": event.occurred_ms,
        "received_at": event.received_ms,
        "url": event.url,
        "referrer": event.referrer,
        "title": event.title,
        "utm_source": campaign.source if campaign else "",
        "utm_medium": campaign.medium if campaign else "",
        "utm_campaign": campaign.name if campaign else "",
        "utm_term": campaign.term if campaign else "",
        "utm_content": campaign.content if campaign else "",
        "value_micros": event.value_micros,
        "currency": event.currency,
        "user_agent": event.user_agent,
        "properties": event.properties,
        "bot": left_out == "BOT",
        "from_server": event.from_server,
        "position": event.position,
        "left_out": left_out,
        "warnings": json.dumps(event.warnings, ensure_ascii=False) if event.warnings else "[]",
    }


def session_row(session: Session, site: Site, customer_id: str, revision: int) -> Row:
    return {
        "session_id": session.session_id,
        "site_id": site.site_id,
        "customer_id": customer_id,
        "started_at": session.started_ms,
        "ended_at": session.ended_ms,
        "page_views": session.page_views,
        "events": session.events,
        "conversions": session.conversions,
        "engaged": session.engaged,
        "bounced": session.bounced,
        "entry_page": session.entry_page,
        "exit_page": session.exit_page,
        "device": session.agent.device,
        "browser": session.agent.browser,
        "os": session.agent.os,
        "country": session.country,
        "city": session.city,
        "bot": session.agent.bot,
        "kept_referrers": " ".join(session.kept_referrers),
        "revision": revision,
        "deleted": False,
    }


def retired_session_row(fact: Fact, site: Site, customer_id: str, revision: int) -> Row:
    """That a fact opens no session; what it leaves out is null."""
    return {
        "session_id": session_id_of(fact, site.site_id),
        "site_id": site.site_id,
        "customer_id": customer_id,
        "started_at": fact.occurred_ms,
        "revision": revision,
        "deleted": True,
    }


def touch_row(touch: Touch, site: Site, customer_id: str, revision: int) -> Row:
    return {
        "touch_id": touch.touch_id,
        "site_id": site.site_id,
        "customer_id": customer_id,
        "session_id": touch.session_id,
        "occurred_at": touch.occurred_ms,
        "touch_type": touch.touch_type,
        "channel": touch.channel,
        "source": touch.source,
        "medium": touch.medium,
        "campaign": touch.campaign,
        "term": touch.term,
        "content": touch.content,
        "click_ids": json.dumps(touch.click_ids, separators=(",", ":"), ensure_ascii=False),
        "ad_ids": json.dumps(touch.ad_ids, separators=(",", ":"), ensure_ascii=False) if touch.ad_ids else "[]",
        "landing_page": touch.landing_page,
        "referrer_domain": touch.referrer_domain,
        "tagged": touch.tagged,
        "channel_rules_version": site.channel_rules_version,
        "evidence": touch.evidence,
        "revision": revision,
        "deleted": False,
    }


def retired_touch_row(fact: Fact, site: Site, customer_id: str, revision: int) -> Row:
    """That a fact makes no touch; what it leaves out is null."""
    return {
        "touch_id": touch_id_of(fact, site.site_id),
        "site_id": site.site_id,
        "customer_id": customer_id,
        "occurred_at": fact.occurred_ms,
        "revision": revision,
        "deleted": True,
    }


def people_rows(person: Person, site: Site) -> list[Row]:
    """That all its customers are one person now."""
    return [
        {
            "site_id": site.site_id,
            "customer_id": customer.customer_id,
            "person_id": person.customer_id,
            "changed_at": person.revision,
            "revision": person.revision,
        }
        for customer in person.customers
    ]


def conversion_row(conversion: Conversion) -> Row:
    return {
        "conversion_id": conversion.conversion_id,
        "site_id": conversion.site_id,
        "customer_id": conversion.customer_id,
        "event_id": conversion.event_id,
        "name": conversion.name,
        "occurred_at": conversion.occurred_ms,
        "value_micros": conversion.value_micros,
        "gross_micros": conversion.gross_micros,
        "currency": conversion.currency,
        "order_id": conversion.order_id,
        "evidence": conversion.evidence,
        "revision": conversion.revision,
        "deleted": bool(conversion.part_of),
    }
