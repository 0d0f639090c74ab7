"""The command line, as a person or a script meets it."""

import csv
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pyarrow.parquet
import pytest
from click.testing import CliRunner
from optiq.kernel.errors import InvalidError

from infra.local.cli import main
from infra.local.cli_reports import DIMENSIONS, MODELS
from infra.local.home import ROOT
from infra.local.system import running_system

needs_table = pytest.mark.skipif(
    not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
)


def optiq(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.local.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def paths(tmp_path: Path) -> Path:
    file = tmp_path / "paths.csv"
    file.write_text(
        "path,total_conversions,total_conversion_value,total_null\nEmail > Direct,2,20,0\nPaid Search,1,5.5,3\n"
    )
    return file


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for command in ("up", "site", "report", "recompute", "attribute", "rates"):
        assert f"  {command} " in shown


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
    assert "over Parquet MARKOV is of order 1" in second_order.stderr


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
    assert "say PATHS, or --touches and --conversions" in CliRunner().invoke(main, ["attribute", *files[:2]]).stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--by", "campaign"], "--by is for Parquet"),
        (["--window", "30"], "which --window is for"),
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


def test_wrong_usage_is_exit_code_2() -> None:
    assert CliRunner().invoke(main, ["report"]).exit_code == 2
    assert CliRunner().invoke(main, ["report", "site_1", "--model", "BEST"]).exit_code == 2


def test_what_a_site_is_made_with_reaches_tenancy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from optiq.tenancy import api as tenancy

    from infra.local import system

    said: dict[str, object] = {}

    def create_site(**settings: object) -> NoReturn:
        said.update(settings)
        raise InvalidError("seen")

    monkeypatch.setattr(system, "attach", lambda *_, **__: nullcontext())
    monkeypatch.setattr(tenancy, "create_site", create_site)
    options = ["--excluded-referrer", "bank.example", "--excluded-referrer", "login.example", "--split-at-midnight"]
    CliRunner().invoke(main, ["site", "create", "--name", "Shop", "--domain", "shop.example", *options])

    assert said["excluded_referrers"] == ("bank.example", "login.example")
    assert said["split_sessions_at_midnight"] is True


@pytest.mark.system
@needs_table
def test_a_sites_settings_are_set_and_shown(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    made = optiq(
        "site", "create", "--name", "Shop", "--domain", "shop.example", "--lookback-days", "9", "--json", *home
    )
    site_id = json.loads(made.stdout)["site_id"]
    before = json.loads(optiq("site", "show", site_id, "--json", *home).stdout)
    assert before["public_key"] == json.loads(made.stdout)["public_key"]

    said = ("--no-credit-guard", "--click-id", "xclid=exads/cpc", "--lookback-days", "", "--journey-window-days", "9")
    said += ("--privacy-signals", "LEAVE_OUT", "--domain", "bücher.example")
    changed = optiq("site", "set", site_id, *said, "--json", *home)

    click_id = {"parameter": "xclid", "source": "exads", "medium": "cpc"}
    expected = before | {"credit_guard": False, "click_ids": [click_id], "lookback_days": None}
    expected |= {"journey_window_days": 9, "version": 1}
    expected |= {"privacy_signals": "LEAVE_OUT", "domains": ["xn--bcher-kva.example"]}
    assert json.loads(changed.stdout) == expected, changed.stderr
    assert "click_ids                   xclid=exads/cpc" in optiq("site", "show", site_id, *home).stdout
    assert json.loads(optiq("site", "set", site_id, "--click-id", "", "--json", *home).stdout)["click_ids"] == []
    refused = optiq("site", "set", site_id, "--journey-window-days", "0", *home)
    assert (refused.returncode, refused.stderr.count("journey_window_days: ")) == (1, 1)

    # Every look at it and every change stands in the organization's book.
    book = json.loads(optiq("audit", json.loads(made.stdout)["organization_id"], "--json", *home).stdout)["items"]
    entries = [(entry["action"], entry["after"].get("command")) for entry in reversed(book)]
    assert {entry["actor"] for entry in book} == {"operator"}
    assert [action for action, command in entries if command is None][-4:] == [
        *("token.created", "api_key.created", "site.changed", "site.changed")
    ]
    assert [command for _, command in entries if command][:3] == ["site show", "site set", "site show"]
    assert entries[-1] == ("data.accessed", "audit")


def test_models_and_dimensions_are_those_of_reports() -> None:
    from optiq.reports import api as reports

    assert set(MODELS) == set(reports.MODELS)
    assert set(DIMENSIONS) == set(reports.ATTRIBUTION_DIMENSIONS)


@pytest.mark.system
@needs_table
@needs_table
def test_what_names_no_site_is_counted_by_day(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        before = optiq("unclaimed", "--home", str(tmp_path), "--days", "2").stdout.splitlines()
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(f"{running.url}/b", b"{", timeout=10)
        give_up = time.monotonic() + 30
        while "1, 0 of them" not in (shown := optiq("unclaimed", "--home", str(tmp_path)).stdout):
            assert time.monotonic() < give_up, shown

    assert len(before) == 2
    assert all(line.endswith(": 0, 0 of them only counted") for line in before)
    assert len(shown.splitlines()) == 7


def test_an_unknown_site_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    result = optiq("report", "site_unknown", "--home", str(tmp_path))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.system
@needs_table
def test_a_site_made_by_command_is_known_to_the_running_system(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        made = optiq("site", "create", "--name", "Shop", "--domain", "shop.example", "--json", "--home", str(tmp_path))
        assert made.returncode == 0, made.stderr
        keys = json.loads(made.stdout)
        assert keys.keys() == {"organization_id", "site_id", "public_key", "write_key", "api_key"}

        now = datetime.now(UTC).isoformat()
        page = {
            "event_id": "a.1",
            "kind": "page",
            "anonymous_id": "a",
            "url": "https://shop.example/",
            "timestamp": now,
        }
        body = {"k": keys["public_key"], "sent_at": now, "events": [page]}
        sent = urllib.request.Request(f"{running.url}/b", json.dumps(body).encode(), {"content-type": "text/plain"})
        with urllib.request.urlopen(sent, timeout=10) as answer:
            assert json.load(answer) == {"accepted": 1}

        asked = urllib.request.Request(
            f"{running.url}/v1/sites/{keys['site_id']}/ingest", headers={"authorization": f"Bearer {keys['api_key']}"}
        )
        give_up = time.monotonic() + 15
        while True:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                counts = json.load(answer)
            if counts["stored"] == 1:
                break
            assert time.monotonic() < give_up, counts
            time.sleep(0.2)
        assert counts["accepted"] == 1

        report = optiq("report", keys["site_id"], "--json", "--home", str(tmp_path))
        assert json.loads(report.stdout)["totals"] == {"conversions": 0, "revenue_micros": 0}


@pytest.mark.system
@needs_table
def test_a_recompute_runs_to_its_end_with_and_without_a_running_system(tmp_path: Path) -> None:
    made = optiq("site", "create", "--name", "Shop", "--domain", "shop.example", "--json", "--home", str(tmp_path))
    command = ("recompute", json.loads(made.stdout)["site_id"], "--from", "2026-01-01", "--to", "2026-01-03")
    alone = optiq(*command, "--home", str(tmp_path))
    assert (alone.returncode, alone.stdout) == (0, "0 conversions looked at, 0 got new credits.\n"), alone.stderr
    with running_system(tmp_path):
        beside = optiq(*command, "--home", str(tmp_path))
    assert (beside.returncode, beside.stdout) == (0, alone.stdout), beside.stderr
