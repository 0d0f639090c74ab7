"""What the command line shows of a conversion."""

import pytest
from optiq.attribution.contracts import (
    ConversionCredits,
    Credit,
    CreditStatus,
    Evidence,
    Explanation,
    Model,
    Path,
)
from optiq.journeys.contracts import Background, Conversion, Touch
from optiq_cli.printing_conversions import print_conversion

from functions.journeys.schemas_conversions import ConversionDetailOut

VALUE = 1_234_567_890_000
CONVERSION = Conversion("org", "site", "customer", "conversion", "event", "Order Completed", 0, VALUE, "EUR", 1)


def explanation(*channels: str) -> Explanation:
    """Every model gives the last touch everything."""
    touches = tuple(
        Touch(channel, "", 0, "LANDING", channel, "source", "medium", "campaign", "", "", (), "/", "")
        for channel in channels
    )
    path = Path(CONVERSION, 90, touches, Evidence.DETERMINISTIC if touches else Evidence.NO_TOUCH)
    shares = (*(Credit(0.0, 0) for _ in touches[1:]), Credit(1.0, VALUE))
    credits_ = ConversionCredits(path, dict.fromkeys(Model, shares), 0, 0, 0, 1)
    return Explanation(path, CreditStatus.COMPUTED, credits_, (), frozenset(), Background((), {}, ()), {})


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("channels", [("Email", "Paid Search"), ()])
def test_every_models_credits_can_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, channels: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    print_conversion(ConversionDetailOut.explaining(explanation(*channels)).model_dump(mode="json"))

    shown = capsys.readouterr().out
    assert "…" not in shown
    assert shown.count("1,234,567.89") == len(Model) + 1
    assert all(channel in shown for channel in channels or ["No tracked visit: the conversion has no known visit"])
    assert "Direct" not in shown
