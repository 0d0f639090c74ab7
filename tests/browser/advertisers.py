"""Somebody with accounts at advertising platforms, which are stand-ins that speak the platforms' protocols."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infra.local.ad_platforms.server import Vendors, running_vendors
from infra.local.ad_platforms.world import Account, DayRow
from infra.local.system import running_system
from tests.browser.console_people import ConsoleUser


@contextmanager
def advertiser(
    browser: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch, accounts: list[Account], *rows: DayRow
) -> Iterator[tuple[ConsoleUser, Vendors]]:
    """Ada, with an organization in a system that has apps at the platforms, and what the first account did.

    She goes nowhere but to the system and the platforms.
    """
    with running_vendors() as vendors:
        vendors.world.now_ms = time.time_ns() // 1_000_000
        vendors.world.accounts = accounts
        vendors.world.by_account[accounts[0].external_id] = list(rows)
        clients = folder / "clients.json"
        clients.write_bytes(vendors.clients())
        monkeypatch.setenv("OPTIQ_OAUTH", str(clients))
        with running_system(folder / "home") as running:
            ada = ConsoleUser(browser, running, "ada@shop.example", "Ada")
            ada.sign_up()
            ada.make_organization("Hearth & Heron")
            yield ada, vendors
            assert [one for one in ada.strayed if not one.startswith(vendors.url)] == []
            ada.context.close()
