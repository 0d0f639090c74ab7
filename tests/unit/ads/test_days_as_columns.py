"""A day of an account as columns: what its digest tells apart."""

from typing import Any

from optiq.ads.platforms.reported import ReportedRow
from optiq.ads.sync.daily import columns_of, digest
from optiq.ads.sync.snapshots import Part, snapshot

D = "2026-10-01"


def _row(of: str, **more: Any) -> ReportedRow:
    return ReportedRow(D, of, 10, 2, 5_000_000, campaign_id=of)._replace(**more)


def _digest(*parts: Part, hours: tuple[object, ...] = ()) -> str:
    return digest(columns_of(parts), hours)


def test_a_digest_is_the_same_in_any_order_of_rows() -> None:
    there, back = ([_row("1"), _row("2")], [_row("2"), _row("1")])
    assert _digest(Part("CAMPAIGN", "", there)) == _digest(Part("CAMPAIGN", "", back))


def test_a_digest_differs_where_anything_of_a_row_does() -> None:
    rows = [_row("1"), _row("1", entity_id="11"), _row("1", campaign_id="11"), _row("1", kind="SEARCH")]
    rows += [_row("1", spend_micros=-1), _row("1", clicks=3), _row("1", view_through_micros=1)]
    digests = {_digest(Part("CAMPAIGN", "", [row])) for row in rows}
    digests |= {_digest(Part("CAMPAIGN", "NOT_LISTED", rows[:1])), _digest(Part("AD", "", rows[:1]))}
    digests |= {_digest(Part("CAMPAIGN", "", rows[:1]), hours=((1, 2),)), _digest(Part("CAMPAIGN", "", rows[:2]))}
    assert len(digests) == len(rows) + 4


def test_a_days_parts_come_to_the_account_at_each_level() -> None:
    total = ReportedRow(D, "9", 30, 6, 15_000_000)
    ad = _row("50", campaign_id="1", group_id="7", spend_micros=3_000_000, clicks=1, impressions=4)
    found = snapshot(D, [total], [_row("1"), _row("2")], [ad])
    assert [(part.level, part.remainder, len(part.rows)) for part in found] == [
        ("ACCOUNT", "", 1),
        ("CAMPAIGN", "", 2),
        ("CAMPAIGN", "NOT_LISTED", 1),
        ("AD", "", 1),
        ("AD", "WITHOUT_AD", 2),
        ("AD", "NOT_LISTED", 1),
    ]
    for level in ("CAMPAIGN", "AD"):
        rows = [row for part in found if part.level == level for row in part.rows]
        assert [sum(column) for column in zip(*(row[2:5] for row in rows), strict=True)] == [30, 6, 15_000_000]
