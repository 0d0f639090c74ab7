"""The script for whoever has real accounts, run against the stand-ins: what it says when they answer as documented."""

import pytest
from optiq.ads.platforms.contract import Handshake, Tokens
from optiq.ads.platforms.registry import get_platform, signing_in
from optiq.kernel.clock import DAY_MS, system_clock, utc_day

from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from scripts import smoke_ad_platforms
from tests.functional.ads.synced import row


@pytest.fixture
def world(vendors: Vendors) -> Vendors:
    vendors.world.now_ms = system_clock()
    vendors.world.accounts = [Account("901", timezone="UTC"), Account("902", timezone="UTC")]
    day = utc_day(system_clock() - DAY_MS)
    vendors.world.by_account["901"] = [row(day, "111", 40, ad="999", claimed=2), row(day, "111", 2)]
    return vendors


def _tokens(world: Vendors, name: str) -> Tokens:
    platform, handshake = signing_in(get_platform(name)), Handshake("http://localhost/back", "s", "v" * 43)
    _, code = world.world.consent(platform.authorization_url(handshake))
    return platform.exchange(code, handshake, system_clock())


@pytest.mark.parametrize("name", ["GOOGLE_ADS", "META", "TIKTOK"])
def test_smoke_script_finds_that_all_fits(world: Vendors, name: str) -> None:
    said = list(smoke_ad_platforms.check(name, _tokens(world, name)))
    assert [line for fits, line in said if not fits] == []
    text = "\n".join(line for _, line in said)
    assert "lists: {'CAMPAIGN': 1, 'GROUP': 1, 'AD': 1}" in text
    assert "levels come to the account, with 1 rows for what they lack; claims 2000000" in text
    assert "secret" not in text
    assert world.world.revoked == []
    asked = [one for one in world.heard if one.method != "GET"]
    assert {one.path.rpartition("/")[2] for one in asked} <= {"token", "googleAds:searchStream", ""}


def test_smoke_script_says_what_does_not_fit(world: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a campaign that grows between the answers
    tokens = _tokens(world, "TIKTOK")

    def grow(heard: object) -> None:
        rows = world.world.by_account["901"]
        world.world.by_account["901"] = [*rows, row(rows[0].day, "111", 5)]

    world.after = grow
    said = [line for fits, line in smoke_ad_platforms.check("TIKTOK", tokens) if not fits]
    assert len(said) == 1
    assert said[0].endswith("SUM_MISMATCH: campaigns come to more than their account")


def test_smoke_script_refuses_an_address_of_another_attempt(
    world: Vendors, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "http://localhost/back?state=other&code=c")
    assert smoke_ad_platforms.main(["META"]) == 1
    assert "another state" in capsys.readouterr().out
