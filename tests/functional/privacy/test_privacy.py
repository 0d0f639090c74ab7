"""A person's request: everything of them, or everything gone, and nobody else is touched."""

import io
import json
import zipfile
from collections import Counter
from typing import Any

import pytest
from optiq.ports.lake_folder import FolderLake
from optiq.privacy import api as privacy
from optiq.privacy import running
from optiq.privacy.contracts import Kind

from tests.functional.privacy.world import Shop, kept_bytes

ROWS = {"events": 40, "sessions": 3, "conversions": 2, "failed_events": 1, "mails": 2, "customers": 1}


@pytest.fixture
def shop(table: object, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(FolderLake, "readers_ms", 0)
    shop = Shop()
    shop.others()
    shop.ann()
    return shop


def unpacked(content: bytes) -> Counter[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".jsonl")]
        lines = {name.removesuffix(".jsonl"): archive.read(name).decode().splitlines() for name in tables}
        assert "index.html" in archive.namelist()
    assert all(json.loads(line) for of_table in lines.values() for line in of_table)
    return Counter({name: len(of_table) for name, of_table in lines.items()})


def test_access_gives_out_exactly_the_persons_49_rows(shop: Shop) -> None:
    request = shop.answer("ACCESS")

    assert unpacked(privacy.export_of(shop.caller, request.request_id)) == ROWS
    assert dict(request.before) == ROWS
    assert sum(ROWS.values()) == 49
    assert request.status == "DONE"


@pytest.mark.parametrize("kind", ["ERASE", "ANONYMISE"])
def test_nothing_is_left_and_revenue_by_channel_stays(shop: Shop, table: Any, kind: Kind) -> None:
    # Given what is earned, and a person who can be found
    revenue, values = shop.revenue(), shop.values()
    hashes = running.hashes_of(shop.organization_id, (shop.device,))
    sought = [shop.device.encode(), shop.mailbox.encode(), hashes[-1].encode()]
    assert (
        len({word for _, content in kept_bytes(table, shop.organization_id) for word in sought if word in content}) == 3
    )

    # When they are erased
    request = shop.answer(kind)

    # Then the search, and a search of all bytes, find nothing; all that is earned stays, to the micro
    assert request.status == "DONE"
    assert dict(request.before) == ROWS
    assert set(request.after.values()) == {0}
    assert not shop.found()
    left = [
        (place, content)
        for place, content in kept_bytes(table, shop.organization_id)
        if any(word in content for word in sought)
    ]
    # But for the hash, in the tombstone and in the certificate.
    assert {place.rpartition(" ")[2].partition("#")[0] for place, _ in left} == {"CUSTOMER", "REQUEST"}
    assert not any(word in content for _, content in left for word in sought[:2])
    assert shop.revenue() == revenue
    assert shop.values() == values
