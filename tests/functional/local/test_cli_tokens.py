"""Ingestion tokens from the command line."""

import json
from pathlib import Path

from tests.functional.local.test_cli import needs_table, optiq


@needs_table
def test_a_token_is_made_listed_and_revoked(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"))
    site = json.loads(optiq("site", "create", "--name", "Shop", "--domain", "shop.example", "--json", *home).stdout)

    made = json.loads(optiq("token", "create", site["site_id"], "--name", "orders", "--json", *home).stdout)
    assert made["secret"].startswith("wk_")
    assert optiq("token", "revoke", site["site_id"], made["token_id"], *home).returncode == 0

    listed = optiq("token", "list", site["site_id"], "--json", *home).stdout
    newest, first = json.loads(listed)["items"]
    assert (newest["token_id"], newest["revoked_at"] is None) == (made["token_id"], False)
    assert (first["name"], first["revoked_at"]) == ("first", None)
    assert made["secret"] not in listed
