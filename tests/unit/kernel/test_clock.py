"""Instants on the wire: what is taken can be said again."""

import pytest
from optiq.kernel.clock import from_rfc3339, to_rfc3339
from optiq.kernel.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z"),
        ("2026-01-31T09:30:00.123456+02:00", "2026-01-31T07:30:00.123Z"),
        ("2026-01-31T09:30:00", "2026-01-31T09:30:00.000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_an_instant_is_said_in_utc(text: str, said: str) -> None:
    assert to_rfc3339(from_rfc3339(text)) == said


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-23:59", "99999-01-01"],
)
def test_what_cannot_be_said_again_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        from_rfc3339(text)
