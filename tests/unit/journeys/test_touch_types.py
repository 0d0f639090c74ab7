"""What kind of contact a touch was."""

from dataclasses import replace

import pytest
from optiq.journeys.journey import derive
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.events import Campaign
from optiq.tenancy.contracts import ChannelRule, ClickId

from tests.unit.journeys.facts import HOME, SITE, SPRING, fact


@pytest.mark.parametrize(
    ("query", "campaign", "touch_type"),
    [
        ("", None, "LANDING"),
        ("?fbclid=1", None, "LANDING"),
        ("?gclid=1", None, "AD_CLICK"),
        ("", SPRING, "EMAIL_CLICK"),
        ("", Campaign(source="E-Mail", medium="newsletter"), "EMAIL_CLICK"),
        ("?fbclid=1", SPRING, "EMAIL_CLICK"),
        ("?_kx=1", None, "EMAIL_CLICK"),
        ("?gclid=1", SPRING, "AD_CLICK"),
        ("", Campaign(source="google", medium="cpc"), "LANDING"),
    ],
)
def test_a_touch_is_told_by_its_link(query: str, campaign: Campaign | None, touch_type: str) -> None:
    (touch,) = derive([fact(0, url=HOME + query, campaign=campaign)], SITE).touches

    assert touch.touch_type == touch_type


def test_an_offline_touch_is_a_contact_and_no_visit() -> None:
    # GIVEN a visit, a call in its midst, and a fair long after
    call = {"kind": "TRACK", "name": "Offline Touch", "url": ""}
    fair = Campaign(source="paris", medium="event", name="fair")
    facts = [
        fact(0, campaign=SPRING),
        fact(MINUTE_MS, **call),
        fact(2 * MINUTE_MS, referrer=HOME),
        fact(DAY_MS, **call, campaign=fair),
    ]

    history = derive(facts, SITE)

    # THEN both are touches, and the visit is the one it was
    assert [(t.touch_type, t.source, t.medium, t.campaign, t.session_id == "") for t in history.touches] == [
        ("EMAIL_CLICK", "newsletter", "email", "spring", False),
        ("OFFLINE", "(not set)", "offline", "(not set)", True),
        ("OFFLINE", "paris", "event", "fair", True),
    ]
    assert [session.events for session in history.sessions] == [2]


def test_a_sites_rules_give_offline_touches_a_channel() -> None:
    site = replace(SITE, channel_rules=(ChannelRule("Calls", medium="offline"),))
    call = fact(0, kind="TRACK", name="Offline Touch", url="")

    assert [touch.channel for touch in derive([call], site).touches] == ["Calls"]
    assert [touch.channel for touch in derive([call], SITE).touches] == ["Unassigned"]


def test_a_page_that_says_it_is_offline_is_a_page() -> None:
    (touch,) = derive([fact(0, kind="TRACK", name="Offline Touch")], SITE).touches

    assert (touch.touch_type, touch.landing_page) == ("LANDING", "/")


def test_a_sites_own_click_id_tells_an_ad_or_a_mail_click_by_its_medium() -> None:
    site = replace(SITE, click_ids=(ClickId("adid", "exads", "cpc"), ClickId("mailid", "exmail", "Email")))
    kinds = [derive([fact(0, url=f"{HOME}?{name}=1")], site).touches[0] for name in ("adid", "mailid", "otherid")]

    assert [touch.touch_type for touch in kinds] == ["AD_CLICK", "EMAIL_CLICK", "LANDING"]
    assert [touch.channel for touch in kinds] == ["Paid Other", "Email", "Direct"]
