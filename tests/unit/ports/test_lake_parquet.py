"""Which columns of the lake's files have a dictionary."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.ports.lake_parquet import write_parquet


@pytest.mark.parametrize(("rows", "with_one"), [(5_000, {"said", "few", "weight"}), (500, {"said"})])
def test_columns_of_few_values_have_a_dictionary_where_there_are_many_rows(rows: int, with_one: set[str]) -> None:
    # Given columns of few values and of many, one of them a dictionary already
    numbers = list(range(rows))
    table = pa.table(
        {
            "said": pa.array(["a"] * rows).dictionary_encode(),
            "few": [number % 7 for number in numbers],
            "weight": [1 / (number % 5 + 1) for number in numbers],
            "id": [f"touch_{number}" for number in numbers],
            "micros": numbers,
        }
    )

    # When they are written
    file = io.BytesIO()
    write_parquet(table, file)

    # Then those of few have one in the file, if it pays, and what is read is what was written
    group = pq.ParquetFile(file).metadata.row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    assert {column.path_in_schema for column in columns if column.has_dictionary_page} == with_one
    assert pq.read_table(file).cast(table.schema).equals(table)


def test_a_file_of_many_rows_says_of_which_sites_it_is_and_no_other_ranges() -> None:
    table = pa.table({"site_id": ["site_1"] * 5_000, "at": list(range(5_000))})
    file = io.BytesIO()
    write_parquet(table, file)

    group = pq.ParquetFile(file).metadata.row_group(0)
    assert [group.column(place).is_stats_set for place in (0, 1)] == [True, False]
