"""The page on a site's settings tells of every one, and of its default."""

import re
from pathlib import Path

from functions.tenancy.alert_payloads import AlertRuleDocument, AlertSettingsBody
from functions.tenancy.payloads import SiteChangeBody

_PAGE = Path(__file__).parents[2] / "docs" / "site-settings.md"
_OF_SITE, _OF_ALERTS = _PAGE.read_text(encoding="utf-8").split("## What alerts are wanted")


def test_every_setting_is_documented() -> None:
    told = re.findall(r"^\| `(\w+)` \|", _OF_SITE, re.MULTILINE)

    assert set(told) == set(SiteChangeBody.model_fields) - {"version"}


def test_every_setting_of_alerts_is_documented() -> None:
    told = re.findall(r"^\| `(\w+)` \|", _OF_ALERTS, re.MULTILINE)
    named = set(re.findall(r"`(\w+)`", _OF_ALERTS))

    assert set(told) == set(AlertSettingsBody.model_fields)
    assert set(AlertRuleDocument.model_fields) - {"kind"} <= named
