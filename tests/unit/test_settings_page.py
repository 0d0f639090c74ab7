"""The page on a site's settings tells of every one, and of its default."""

import re
from pathlib import Path

from functions.tenancy.payloads import SiteChangeBody

_PAGE = Path(__file__).parents[2] / "docs" / "site-settings.md"


def test_every_setting_is_documented() -> None:
    told = re.findall(r"^\| `(\w+)` \|", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(told) == set(SiteChangeBody.model_fields) - {"settings_version"}
