"""What people read of an alert in a mail."""

from typing import get_args

import pytest
from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.lifecycle.contracts import Alert, Contributor, Notice
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.telling import wording

CALL = "Your account is suspended, call 0900 1234"
"""What anybody may name a campaign, in the address of a page."""
RULE = Rule("org_1", "site_1", "rule_1", "Orders", "CONVERSION_DROP", "user_1", 0)
ALERT = Alert(
    "org_1",
    "site_1",
    "alert_1",
    "rule_1",
    "rule_1|LOW",
    "WARNING",
    "LOW",
    "2026-11-24",
    "2026-11-24",
    contributors=(Contributor("campaign", CALL, 3, 41),),
)


@pytest.mark.parametrize("notice", get_args(Notice))
def test_title_has_no_words_that_anybody_can_send(notice: Notice) -> None:
    words = wording.wording(RULE, ALERT, AlertNoticed("site_1", "alert_1", notice, "2026-11-24"), "Shop", "EUR")

    assert CALL not in words.title
    assert "Conversions on Tuesday, 24 November were 0" in words.title
    assert notice != "TRIGGERED" or any(CALL in paragraph for paragraph in words.paragraphs)
