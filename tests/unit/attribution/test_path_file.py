"""`optiq attribute PATHS.csv`: the common path file, read strictly and attributed exactly."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import api
from optiq.attribution.contracts import Model
from optiq.attribution.path_file import TIMELESS_MODELS, CountedPath, attribute
from optiq.kernel.errors import InvalidError

HEADER = "path,total_conversions,total_conversion_value,total_null\n"


def write(folder: Path, content: str | bytes) -> Path:
    file = folder / "paths.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def values(folder: Path, content: str, model: Model) -> dict[str, tuple[float, float]]:
    answer = api.attribute_file(write(folder, content))
    return {row.channel: (row.conversions, row.value) for row in answer if row.model is model}


def test_each_model_credits_each_channel(tmp_path: Path) -> None:
    content = HEADER + "Email > Search > (DIRECT),10,100.5,3\nSearch,1,2,0\n"
    assert values(tmp_path, content, Model.FIRST_TOUCH) == {"Email": (10, 100.5), "Search": (1, 2), "(DIRECT)": (0, 0)}
    assert values(tmp_path, content, Model.LAST_TOUCH) == {"Email": (0, 0), "Search": (1, 2), "(DIRECT)": (10, 100.5)}
    assert values(tmp_path, content, Model.LAST_NON_DIRECT)["Search"] == (11, 102.5)
    assert values(tmp_path, content, Model.POSITION_BASED)["Search"] == pytest.approx((3, 22.1))


def test_columns_may_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    content = "\ufefftotal_conversion_value,note,path,total_conversions\r\n7,hello,a > b,2\r\n\r\n"
    assert values(tmp_path, content, Model.LINEAR) == {"a": (1, 3.5), "b": (1, 3.5)}


def test_file_without_paths_gives_nothing(tmp_path: Path) -> None:
    assert api.attribute_file(write(tmp_path, HEADER)) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "line 1: no column path or total_conversions or total_conversion_value"),
        ("path,total_conversions\na,1\n", "line 1: no column total_conversion_value"),
        (HEADER + "a,1,1,0\n,1,1,0\n", "line 3: the path is empty"),
        (HEADER + "a >  > b,1,1,0\n", "line 2: a step of the path is empty"),
        (HEADER + "a,-1,1,0\n", "line 2: total_conversions must be a finite number, 0 or more, not '-1'"),
        (HEADER + "a,1,NaN,0\n", "line 2: total_conversion_value must be a finite number"),
        (HEADER + "a,1,1,inf\n", "line 2: total_null must be a finite number"),
        (HEADER + "a,one,1,0\n", "line 2: total_conversions is not a number: 'one'"),
        (HEADER + "a,,1,0\n", "line 2: total_conversions is not a number: ''"),
        (HEADER + "a,1\n", "line 2: no value for total_conversion_value"),
        (HEADER.encode() + b"a,1,1,0\nb\xff,1,1,0\n", "line 3: not UTF-8"),
        (HEADER + 'a,1,1,0\n"b"c,1,1,0\n', "line 3: "),
        (HEADER + "a,1,1,0\n" + "b" * 200_000 + ",1,1,0\n", "line 3: "),
    ],
)
def test_mistake_names_its_line(tmp_path: Path, content: str | bytes, complaint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        api.attribute_file(write(tmp_path, content))
    assert complaint in str(raised.value)


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="No such file"):
        api.attribute_file(tmp_path / "none.csv")


amount = st.floats(0, 1e6)
counted_path = st.builds(
    CountedPath,
    st.lists(st.sampled_from(["a", "b", "direct", "Direct"]), min_size=1, max_size=8).map(tuple),
    amount,
    amount,
    amount,
)


@given(st.lists(counted_path, max_size=20))
def test_totals_are_the_files(paths: list[CountedPath]) -> None:
    answer = attribute(paths)
    for model in TIMELESS_MODELS:
        rows = [row for row in answer if row.model is model]
        assert sum(row.conversions for row in rows) == pytest.approx(sum(p.conversions for p in paths), rel=1e-12)
        assert sum(row.value for row in rows) == pytest.approx(sum(p.value for p in paths), rel=1e-12)


def test_needs_no_cloud(tmp_path: Path) -> None:
    # Given a process that does nothing but attribute a file
    file = write(tmp_path, HEADER + "a,1,1,0\n")
    program = (
        "import sys, pathlib; from optiq.attribution.api import attribute_file; "
        f"attribute_file(pathlib.Path({str(file)!r})); "
        "print(*({'boto3', 'botocore', 'pynamodb', 'pyarrow'} & sys.modules.keys()))"
    )

    # Then it has imported nothing of AWS, the table or the lake
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
