"""The script for whoever has real accounts, run against the stand-ins."""

import pytest
from optiq.ads.platforms.contract import Handshake
from optiq.ads.platforms.registry import get_platform, signing_in
from optiq.feedback.destinations.contracts import Destination, Platform, ToldEvent
from optiq.kernel.clock import system_clock

from infra.local.ad_platforms.server import Vendors
from scripts import smoke_conversion_feedback
from tests.functional.feedback.telling import NAMES


@pytest.mark.parametrize("name", ["GOOGLE_ADS", "META", "TIKTOK"])
def test_smoke_script_finds_that_all_fits_and_nothing_counts(vendors: Vendors, name: Platform) -> None:
    vendors.world.now_ms = system_clock()
    platform, handshake = (
        signing_in(get_platform(name)),
        Handshake("http://localhost/back", "s", "v" * 43, uploads=True),
    )
    _, code = vendors.world.consent(platform.authorization_url(handshake))
    access = platform.exchange(code, handshake, system_clock()).access
    events = (ToldEvent("Test", NAMES[name]),)
    destination = Destination("", "", "", "Test", name, "", "900100", events, 0, 0, test_code="TEST1")

    said = list(smoke_conversion_feedback.check(destination, access))

    assert [line for fits, line in said if not fits] == []
    assert access not in str(said)
    assert vendors.world.feedback.count() == 0
    assert vendors.world.feedback.tested


def test_smoke_script_asks_for_a_test_code_before_it_sends_anything(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        smoke_conversion_feedback.main(["META", "--target", "900", "--told-as", "Purchase"])
    assert "--test-code" in capsys.readouterr().err
