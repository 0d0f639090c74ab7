"""Files of a question's rows."""

import base64
import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from pyarrow import parquet

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import request
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
NAMES = ("=1+1", "+49", "-x", "@cmd", "\tTab", 'Quote "a", b', "<script>", "\u202eright", "Email")


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    lake = make_site()
    for number, name in enumerate(NAMES):
        lake.write_credits(
            lake.credit(f"c{number}", "2026-01-10T12:00:00Z", [Part(name, 1.0, -1_500_000 if number else 10_000_001)])
        )
    return lake


def export(lake: TestLake, **question: Any) -> dict[str, Any]:
    asked = {
        "metrics": ["revenue", "conversions", "roas"],
        "dimensions": ["channel"],
        "period": "2026-01-08..2026-01-14",
    }
    path = f"/v1/sites/{lake.site_id}/query/export"
    found: dict[str, Any] = handler(
        request(path, lake.organization_id, method="POST", body=json.dumps(asked | question)), None
    )
    return found


def content(response: dict[str, Any]) -> bytes:
    assert response["statusCode"] == 200, response
    return base64.b64decode(response["body"]) if response["isBase64Encoded"] else str(response["body"]).encode()


def test_no_text_of_a_csv_is_a_formula(lake: TestLake) -> None:
    text = content(export(lake, format="csv")).decode()
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == ["channel", "revenue", "revenue_micros", "conversions", "roas", "currency"]
    assert {row[0] for row in rows} == {f"'{name}" if name[0] in "=+-@\t" else name for name in NAMES}
    assert rows[0] == ["'=1+1", "10.000001", "10000001", "1.0", "", "EUR"]
    assert rows[-1][1:3] == ["-1.5", "-1500000"]
    assert text.count("\r\n") == len(NAMES) + 1
    assert content(export(lake, format="csv", bom=True)).startswith("\ufeffchannel".encode())


def test_parquet_has_types_and_texts_as_they_are(lake: TestLake) -> None:
    table = parquet.read_table(io.BytesIO(content(export(lake, format="parquet", compare="PREVIOUS_PERIOD"))))
    assert set(table["channel"].to_pylist()) == set(NAMES)
    assert table["revenue"].to_pylist()[0] == Decimal("10.000001")
    assert table["revenue_micros"].to_pylist()[0] == 10_000_001
    assert table["revenue_change"].to_pylist() == [None] * len(NAMES)
    assert table["roas"].to_pylist() == [None] * len(NAMES)


def test_an_export_of_too_many_rows_is_refused(lake: TestLake) -> None:
    found = export(lake, format="csv", limit=10_001)
    assert (found["statusCode"], json.loads(found["body"])["fields"][0]["field"]) == (400, "body.limit")
