"""`optiq attribute PATHS.csv`: the common path file, read strictly and attributed exactly."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import api
from optiq.attribution.contracts import CountedPath, CustomWeights, Model, ModelParameters
from optiq.kernel.errors import InvalidError

HEADER = "path,total_conversions,total_conversion_value,total_null\n"


def write(folder: Path, content: str | bytes) -> Path:
    file = folder / "paths.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def values(folder: Path, content: str, model: Model) -> dict[str, tuple[float, float]]:
    answer = api.attribute_file(write(folder, content)).credits
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


@pytest.mark.parametrize("character", "\u2028\u0085\x0b\x0c\x1c")
def test_only_a_line_break_ends_a_line(tmp_path: Path, character: str) -> None:
    channel = f"a{character}b"
    assert values(tmp_path, f"{HEADER}{channel} > c,1,1,0\rc,1,1,0\r", Model.FIRST_TOUCH) == {
        channel: (1, 1),
        "c": (1, 1),
    }


@pytest.mark.parametrize("path", ["a>b", "a > b", " a>  b "])
def test_blanks_around_what_joins_channels_are_not_part_of_their_names(tmp_path: Path, path: str) -> None:
    assert values(tmp_path, HEADER + f"{path},2,0,0\n", Model.LINEAR) == {"a": (1, 0), "b": (1, 0)}


def test_file_without_paths_gives_nothing(tmp_path: Path) -> None:
    assert api.attribute_file(write(tmp_path, HEADER)).credits == ()


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
        (HEADER + "Search, brand,2,1,5,1\n", "line 2: 6 values in 4 columns"),
        (HEADER + "a,0,1,0\n", "line 2: a value, though the path did not convert"),
        (HEADER + "a,1e308,1,0\na,1e308,1,0\n", "paths.csv: more than 10^18 conversions"),
        (HEADER + "a,1,1,1e19\n", "paths.csv: more than 10^18 "),
        (HEADER[:-1] + ",path\na,1,1,0,b\n", "line 1: the column path stands there twice"),
        (HEADER.encode() + b"a,1,1,0\nb\xff,1,1,0\n", "line 3: not UTF-8"),
        (HEADER + 'a,1,1,0\n"b"c,1,1,0\n', "line 3: "),
        (HEADER + "a,1,1,0\n" + "b" * 200_000 + ",1,1,0\n", "line 3: "),
    ],
)
def test_mistake_names_its_line(tmp_path: Path, content: str | bytes, complaint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        api.attribute_file(write(tmp_path, content))
    assert complaint in str(raised.value)


@pytest.mark.parametrize("compressed", [gzip.compress(HEADER.encode()), b"PK\x03\x04", b"\x28\xb5\x2f\xfd"])
def test_a_compressed_file_is_said_to_be_so(tmp_path: Path, compressed: bytes) -> None:
    with pytest.raises(InvalidError, match=r"paths\.csv: it is compressed; unpack it first"):
        api.attribute_file(write(tmp_path, compressed))


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="No such file"):
        api.attribute_file(tmp_path / "none.csv")


AMOUNT = st.floats(0, 1e6)
TIMES = "path,total_conversions,total_conversion_value,times\n"


@st.composite
def counted_path(draw: st.DrawFn) -> CountedPath:
    ages = sorted(draw(st.lists(st.floats(0, 4_000), min_size=1, max_size=8)), reverse=True)
    channel = st.sampled_from(["a", "b", "c", "direct", "Direct"])
    channels = draw(st.lists(channel, min_size=len(ages), max_size=len(ages)))
    conversions = draw(st.just(0.0) | st.floats(1e-6, 1e6))
    value = draw(AMOUNT) if conversions else 0.0
    return CountedPath(tuple(channels), conversions, value, draw(AMOUNT), tuple(ages))


@given(st.lists(counted_path(), max_size=20))
def test_totals_are_the_files_under_every_model(paths: list[CountedPath]) -> None:
    answer = api.attribute_paths(paths, parameters=ModelParameters(custom=CustomWeights(1, 2, 3, 4)), resamples=0)
    assert not answer.not_computed
    conversions, value = sum(p.conversions for p in paths), sum(p.value for p in paths)
    for model in Model:
        rows = [row for row in answer.credits if row.model is model]
        assert sum(row.conversions for row in rows) == pytest.approx(conversions, rel=1e-9)
        assert sum(row.value for row in rows) == pytest.approx(value, rel=1e-9)


def test_models_that_a_file_does_not_allow_are_said(tmp_path: Path) -> None:
    answer = api.attribute_file(write(tmp_path, "path,total_conversions,total_conversion_value\na,1,1\n"))
    assert {row.model for row in answer.credits} | answer.not_computed.keys() == set(Model)
    assert set(answer.not_computed) == {Model.TIME_DECAY, Model.CUSTOM, Model.MARKOV}
    assert "total_null" in answer.not_computed[Model.MARKOV]


@pytest.mark.parametrize("model", [Model.TIME_DECAY, Model.CUSTOM, Model.MARKOV])
def test_a_model_asked_for_by_name_must_be_possible(tmp_path: Path, model: Model) -> None:
    file = write(tmp_path, "path,total_conversions,total_conversion_value\na,1,1\n")
    with pytest.raises(InvalidError, match=f"{model} needs"):
        api.attribute_file(file, [model])


def test_times_are_days_before_the_conversion(tmp_path: Path) -> None:
    content = TIMES + "a > b > c,7,70,14 > 7 > 0\nd,0,0,\n"
    found = values(tmp_path, content, Model.TIME_DECAY)
    expected = {"a": (1, 10), "b": (2, 20), "c": (4, 40), "d": (0, 0)}
    assert found == {channel: pytest.approx(pair) for channel, pair in expected.items()}


@pytest.mark.parametrize(
    ("times", "complaint"),
    [
        ("1 > 2", "line 2: times must fall"),
        ("2", "line 2: 1 times for 2 touches"),
        ("2 > -1", "line 2: times must be finite"),
        ("nan > 1", "line 2: times must be finite"),
        ("2 > x", "line 2: times is not a number: 'x'"),
        ("", "line 2: times is not a number: ''"),
    ],
)
def test_a_mistake_in_times_names_its_line(tmp_path: Path, times: str, complaint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        api.attribute_file(write(tmp_path, TIMES + f"a > b,1,1,{times}\n"))
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        (CountedPath((), 1), "path 1: the path is empty"),
        (CountedPath(("a",), -1), "path 1: conversions must be"),
        (CountedPath(("a",), 1, float("nan")), "path 1: value must be"),
        (CountedPath(("a",), 0, 1), "path 1: a value, though the path did not convert"),
        (CountedPath(("a",), 2e18), "more than 10^18 conversions"),
    ],
)
def test_a_mistake_in_memory_names_its_path(path: CountedPath, complaint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        api.attribute_paths([CountedPath(("a",), 1), path])
    assert complaint in str(raised.value)


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
