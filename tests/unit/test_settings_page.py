"""The pages on settings tell of every one."""

import re
from pathlib import Path

from functions.alerts.schemas_rules import AlertRuleIn
from functions.alerts.schemas_settings import AlertSettingsIn
from functions.tenancy.schemas import SitePatch

_DOCS = Path(__file__).parents[2] / "docs"


def _page(name: str) -> tuple[set[str], set[str]]:
    """The fields that a page has a line for, and all that it names."""
    text = (_DOCS / name).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)), set(re.findall(r"`(\w+)`", text))


def test_every_setting_is_documented() -> None:
    told, _ = _page("site-settings.md")

    assert told == set(SitePatch.model_fields) - {"version"}


def test_every_setting_of_alerts_is_documented() -> None:
    told, _ = _page("alerts.md")

    assert told == (set(AlertSettingsIn.model_fields) | set(AlertRuleIn.model_fields)) - {"version"}
