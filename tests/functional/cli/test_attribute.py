"""`optiq attribute`, as a person or a script meets it."""

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner
from optiq_cli.main import main


@pytest.fixture
def paths(tmp_path: Path) -> Path:
    file = tmp_path / "paths.csv"
    file.write_text(
        "path,total_conversions,total_conversion_value,total_null\nEmail > Direct,2,20,0\nPaid Search,1,5.5,3\n"
    )
    return file


def test_attribute_prints_every_models_credits_as_json(paths: Path) -> None:
    result = CliRunner().invoke(main, ["attribute", str(paths), "--json"])
    answer = json.loads(result.output)
    found = {(row["model"], row["channel"]): row for row in answer["credits"]}
    assert found["FIRST_TOUCH", "Email"] == {
        "model": "FIRST_TOUCH",
        "channel": "Email",
        "conversions": 2.0,
        "value": 20.0,
        "conversions_low": None,
        "conversions_high": None,
    }
    assert found["LINEAR", "Direct"]["value"] == 10.0
    assert found["SHAPLEY", "Direct"]["value"] == 10.0
    assert found["MARKOV", "Paid Search"]["conversions"] == pytest.approx(0.6)
    assert {verdict["verdict"] for verdict in answer["verdicts"]} == {"NOT_ENOUGH_DATA"}
    assert set(answer["not_computed"]) == {"TIME_DECAY", "CUSTOM"}


def test_attribute_prints_a_table(paths: Path) -> None:
    output = CliRunner().invoke(main, ["attribute", str(paths)], env={"COLUMNS": "80"}).output
    assert "Paid Search" in output
    assert "position based" in output
    assert "MARKOV: NOT_ENOUGH_DATA: 3 conversions, and 300 are needed." in output
    assert "TIME_DECAY is not computed: it needs the time of each touch (the column times).\n" in output
    assert "…" not in output


def test_attribute_prints_numbers_whole_however_long_they_or_the_names_are(tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    file.write_text(
        "path,total_conversions,total_conversion_value,total_null\n"
        f"{'summer' * 20} > Email,1000000,20000000,1000000\nEmail,1000000,20000000,1000000\n"
    )
    output = CliRunner().invoke(main, ["attribute", str(file)], env={"COLUMNS": "80"}).output
    assert "…" not in output
    assert output.count("(40,000,000.00)") == 2  # of last touch, with Direct or without


def test_attribute_takes_parameters(paths: Path) -> None:
    chosen = ["--model", "custom", "--custom", "3", "0", "1"]
    output = CliRunner().invoke(main, ["attribute", str(paths), *chosen, "--format", "csv"]).output
    assert output.splitlines() == [
        "model,channel,conversions,value,conversions_low,conversions_high",
        "CUSTOM,Email,1.5,15.0,,",
        "CUSTOM,Direct,0.5,5.0,,",
        "CUSTOM,Paid Search,1.0,5.5,,",
    ]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_attribute_writes_a_file_as_its_name_ends(paths: Path, tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"credits.{ending}"
    result = CliRunner().invoke(main, ["attribute", str(paths), "--output", str(output)])
    assert result.exit_code == 0
    assert not result.output
    if ending == "parquet":
        rows = pyarrow.parquet.read_table(output).to_pylist()
    else:
        text = output.read_text()
        rows = json.loads(text)["credits"] if ending == "json" else list(csv.DictReader(text.splitlines()))
    assert len(rows) == 8 * 3
    assert {row["channel"] for row in rows} == {"Email", "Direct", "Paid Search"}


def test_attribute_takes_parquet_and_credits_any_column(tmp_path: Path) -> None:
    columns = {"path_id": [1, 1, 2], "age_seconds": [60, 0, 0], "campaign": ["a", "b", "a"], "conversions": [1, 1, 0]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "paths.parquet")
    chosen = ["--by", "campaign", "--model", "LINEAR", "--format", "csv"]
    result = CliRunner().invoke(main, ["attribute", str(tmp_path / "paths.parquet"), *chosen])
    assert result.output.splitlines()[1:] == ["LINEAR,a,0.5,0.0,,", "LINEAR,b,0.5,0.0,,"]
    second_order = CliRunner().invoke(main, ["attribute", str(tmp_path / "paths.parquet"), "--order", "2"])
    assert "--order: must be 1 for Parquet" in second_order.stderr


def test_attribute_joins_raw_touches_with_conversions(tmp_path: Path) -> None:
    at = pyarrow.timestamp("s")
    touches = {"customer_id": ["b", "a"], "touch_at": pyarrow.array([86_400, 0], at), "campaign": ["late", "early"]}
    conversions = {"customer_id": ["a", "b"], "converted_at": pyarrow.array([2 * 86_400] * 2, at)}
    pyarrow.parquet.write_table(pyarrow.table(touches), tmp_path / "touches.parquet")
    pyarrow.parquet.write_table(pyarrow.table(conversions), tmp_path / "conversions.parquet")
    files = ["--touches", str(tmp_path / "touches.parquet"), "--conversions", str(tmp_path / "conversions.parquet")]
    chosen = ["--by", "campaign", "--window", "1", "--model", "LINEAR", "--format", "csv"]
    result = CliRunner().invoke(main, ["attribute", *files, *chosen])
    assert result.output.splitlines()[1:] == [
        "LINEAR,No tracked visit,1.0,0.0,,",
        "LINEAR,early,0.0,0.0,,",
        "LINEAR,late,1.0,0.0,,",
    ]
    assert "give PATHS, or --touches and --conversions" in CliRunner().invoke(main, ["attribute", *files[:2]]).stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--by", "campaign"], "--by needs Parquet"),
        (["--window", "30"], "--window needs these two"),
        (["--format", "parquet"], "--output"),
        (["--custom-half-life", "3"], "needs --custom"),
        (["--custom", "0", "0", "0"], "not all 0"),
        (["--half-life", "0"], "half-life"),
        (["--model", "TIME_DECAY"], "TIME_DECAY needs"),
        (["--output", "/nowhere/at/all.csv"], "No such file"),
    ],
)
def test_attribute_says_what_is_wrong(paths: Path, arguments: list[str], complaint: str) -> None:
    result = CliRunner().invoke(main, ["attribute", str(paths), *arguments])
    assert result.exit_code in (1, 2)
    assert complaint in result.stderr


def test_a_wrong_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    result = CliRunner().invoke(main, ["attribute", str(tmp_path / "wrong.csv")])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_attribute_writes_no_formula_into_csv(tmp_path: Path) -> None:
    columns = {"path_id": [1, 2], "age_seconds": [0, 0], "campaign": ["=cmd|calc!A0", "a;@b"], "conversions": [1, 1]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "paths.parquet")
    chosen = ["--by", "campaign", "--model", "LINEAR", "--format"]

    def output(form: str) -> str:
        return CliRunner().invoke(main, ["attribute", str(tmp_path / "paths.parquet"), *chosen, form]).output

    assert {row["channel"] for row in csv.DictReader(output("csv").splitlines())} == {"'=cmd|calc!A0", "a;'@b"}
    assert {row["channel"] for row in json.loads(output("json"))["credits"]} == {"=cmd|calc!A0", "a;@b"}
