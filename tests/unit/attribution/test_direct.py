"""Every spelling of Direct that files have: a last touch of it gives way to the one before."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.attribution import api
from optiq.attribution.contracts import CountedPath, Model
from optiq.attribution.files.direct import is_direct

DIRECT = [
    *("direct", "Direct", "DIRECT", "(direct)", "(Direct)", "[direct]", " direct ", "$direct", '"direct"'),
    *("(direct) / (none)", "direct / none", "Direct/None", "(direct)/(not set)", "direct (none)", "direct | none"),
    *("direct-none", "direct_none", "(none)", "none", "None", "(none) / (none)", "direct / N/A", "direct:none"),
    *("direct traffic", "Direct Traffic", "Direct Visits", "Direct Entry", "direct_entry", "Direct Load"),
    *("Typed/Bookmarked", "typed/bookmarked", "Typed / Bookmarked", "typed or bookmarked", "Bookmarks"),
    *("No referrer", "(no referrer)", "No Referer", "Direktzugriffe", "Tráfico directo", "Accès direct", "Diretto"),
]
OTHERS = [
    *("Direct Mail", "direct / email", "direct email", "Direct Marketing", "non-direct", "redirect", "directory"),
    *("(not set)", "(not set) / (not set)", "unknown", "null", "google / (none)", "google / none", "nonesuch"),
    *("Email", "directads", "direct / cpc", "N/A", "", "(", "A", "none of these"),
]


@pytest.mark.parametrize("name", DIRECT)
def test_is_direct_knows_each_spelling(name: str) -> None:
    assert is_direct(name)


@pytest.mark.parametrize("name", OTHERS)
def test_is_direct_takes_nothing_else_for_it(name: str) -> None:
    assert not is_direct(name)


@pytest.mark.parametrize("name", ["(direct) / (none)", "None", "Typed/Bookmarked"])
def test_last_non_direct_passes_over_direct_in_a_path_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    file.write_text(f"path,total_conversions,total_conversion_value\nEmail > {name},10,100\n{name},1,5\n")

    found = [row for row in api.attribute_file(file).credits if row.model is Model.LAST_NON_DIRECT]

    assert {row.channel: (row.conversions, row.value) for row in found} == {"Email": (10, 100), name: (1, 5)}


@pytest.mark.parametrize("name", ["Direct Mail", "(not set)"])
def test_last_non_direct_credits_what_only_looks_like_direct(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    file.write_text(f"path,total_conversions,total_conversion_value\nEmail > {name},10,100\n")

    found = [row for row in api.attribute_file(file).credits if row.model is Model.LAST_NON_DIRECT]

    assert {row.channel: row.conversions for row in found} == {"Email": 0, name: 10}


@pytest.mark.parametrize("name", ["(direct) / (none)", "direct traffic", "$direct"])
def test_last_non_direct_passes_over_direct_in_a_parquet_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paths.parquet"
    rows = {"path_id": [1, 1, 2], "age_seconds": [5.0, 0.0, 0.0], "channel": ["Email", name, name]}
    pq.write_table(pa.table({**rows, "conversions": [1, 1, 1]}), file)

    found = api.attribute_parquet(file, [Model.LAST_NON_DIRECT]).credits

    assert {row.channel: row.conversions for row in found} == {"Email": 1, name: 1}


@pytest.mark.parametrize("name", ["(direct) / (none)", "No referrer", "(none)"])
def test_last_non_direct_passes_over_direct_in_counted_paths(name: str) -> None:
    answer = api.attribute_paths([CountedPath(("Email", name), conversions=2)], [Model.LAST_NON_DIRECT])

    assert {row.channel: row.conversions for row in answer.credits} == {"Email": 2, name: 0}
