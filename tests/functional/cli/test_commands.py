"""The command line against a running system, over HTTP."""

import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from optiq.reports import api as reports
from optiq_cli.commands.reports import DIMENSIONS, MODELS

from infra.local.system import Running
from tests.functional.cli.conftest import NewSite
from tests.functional.cli.runner import Operator, optiq
from tests.support.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.system


def _json(result: Any) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_organization_is_created_with_its_owner_listed_and_shown(operator: Operator) -> None:
    password, email = "correct horse battery staple", f"ann{time.monotonic_ns()}@shop.example"
    user = _json(
        operator("user", "create", "--email", email, "--name", "Ann", "--password-stdin", "--json", stdin=password)
    )
    made = _json(operator("org", "create", "--name", "Agency", "--currency", "USD", "--owner", email, "--json"))
    again = operator("user", "create", "--email", email, "--name", "Ann", stdin=f"{password}\n{password}\n")

    assert user["email"] == email
    assert made in _json(operator("org", "list", "--json"))["items"]
    assert _json(operator("org", "show", made["organization_id"], "--json"))["currency"] == "USD"
    assert made["organization_id"] in operator("org", "list").stdout
    assert (again.exit_code, password in again.output) == (1, False)
    assert "CONFLICT" in again.stderr


def test_list_takes_as_many_pages_as_its_limit_needs(operator: Operator) -> None:
    for number in range(3):
        _json(operator("org", "create", "--name", f"Shop {number}", "--json"))
    everything = _json(operator("org", "list", "--json"))
    two = _json(operator("org", "list", "--limit", "2", "--json"))

    assert (len(two["items"]), bool(two["cursor"])) == (2, True)
    assert two["items"] == everything["items"][:2]
    assert everything["cursor"] is None
    assert "There are more" in operator("org", "list", "--limit", "2").stderr


def test_created_site_is_known_to_the_running_system(running: Running, operator: Operator, site: NewSite) -> None:
    now = datetime.now(UTC).isoformat()
    page = {"event_id": "a.1", "kind": "page", "anonymous_id": "a", "url": "https://shop.example/", "timestamp": now}
    body = json.dumps({"k": site.public_key, "sent_at": now, "events": [page]}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{running.url}/b", body), timeout=LIMIT_SECONDS) as answer:
        assert json.load(answer) == {"accepted": 1}

    key = {"OPTIQ_URL": running.url, "OPTIQ_API_KEY": site.api_key}
    give_up = time.monotonic() + 60
    while (counts := _json(optiq("status", site.site_id, "--json", **key))["sites"][0])["stored"] != 1:
        assert time.monotonic() < give_up, counts
        time.sleep(0.2)

    assert counts["accepted"] == 1
    assert _json(operator("report", site.site_id, "--json"))["totals"] == {"conversions": 0, "revenue_micros": 0}
    assert "accepted" in optiq("status", **key).stdout
    assert _json(optiq("conversions", site.site_id, "--json", **key)) == {"items": [], "cursor": None}
    assert "this site has no conversion yet" in optiq("explain", site.site_id, **key).stderr


def test_site_settings_are_set_and_shown(operator: Operator, site: NewSite) -> None:
    before = _json(operator("site", "show", site.site_id, "--json"))
    assert before["public_key"] == site.public_key

    options = (
        "--no-credit-guard",
        "--click-id",
        "xclid=exads/cpc",
        "--lookback-days",
        "",
        "--journey-window-days",
        "9",
    )
    options += ("--privacy-signals", "LEAVE_OUT", "--domain", "bücher.example", "--custom-dimension", "plan=plan_type")
    changed = _json(operator("site", "set", site.site_id, *options, "--json"))

    click_id = {"parameter": "xclid", "source": "exads", "medium": "cpc"}
    expected = before | {"credit_guard": False, "click_ids": [click_id], "lookback_days": None}
    expected |= {"journey_window_days": 9, "version": 1}
    expected |= {"custom_dimensions": [{"name": "plan", "property": "plan_type"}]}
    expected |= {"privacy_signals": "LEAVE_OUT", "domains": ["xn--bcher-kva.example"]}
    assert changed == expected
    assert "click_ids                   xclid=exads/cpc" in operator("site", "show", site.site_id).stdout
    assert _json(operator("site", "set", site.site_id, "--click-id", "", "--json"))["click_ids"] == []
    refused = operator("site", "set", site.site_id, "--journey-window-days", "0")
    assert (refused.exit_code, refused.stderr.count("journey_window_days: ")) == (1, 1)

    # The organization's audit log has every look and every change.
    log = _json(operator("audit", "list", "--organization", site.organization_id, "--json"))["items"]
    entries = [(entry["action"], entry["after"].get("command")) for entry in reversed(log)]
    assert {entry["actor"] for entry in log} == {"operator"}
    assert [action for action, command in entries if command is None][-4:] == [
        *("token.created", "api_key.created", "site.changed", "site.changed")
    ]
    assert [command for _, command in entries if command][:3] == ["site show", "site set", "site show"]
    assert entries[-1] == ("data.accessed", "audit list")


@pytest.mark.parametrize("with_key", [False, True])
def test_site_is_created_with_all_that_is_asked_for(
    running: Running, operator: Operator, site: NewSite, with_key: bool
) -> None:
    options = ["--excluded-referrer", "bank.example", "--excluded-referrer", "login.example", "--split-at-midnight"]
    options += ["--lookback-days", "9", "--timezone", "Europe/Berlin", "--organization", site.organization_id]
    asked = ("site", "create", "--name", "Two", "--domain", "two.example", *options, "--json")
    made = _json(optiq(*asked, OPTIQ_URL=running.url, OPTIQ_API_KEY=site.api_key) if with_key else operator(*asked))

    shown = _json(operator("site", "show", made["site_id"], "--json"))
    assert shown["excluded_referrers"] == ["bank.example", "login.example"]
    assert (shown["split_sessions_at_midnight"], shown["lookback_days"]) == (True, 9)
    listed = _json(operator("site", "list", "--organization", site.organization_id, "--json"))["items"]
    assert [each["site_id"] for each in listed] == [site.site_id, made["site_id"]]
    assert ("write_key" in made) != with_key


def test_api_key_reaches_its_own_organization_alone(running: Running, operator: Operator, site: NewSite) -> None:
    other = _json(operator("site", "create", "--name", "Other", "--domain", "other.example", "--json"))
    key = {"OPTIQ_URL": running.url, "OPTIQ_API_KEY": site.api_key}

    foreign = optiq("site", "show", other["site_id"], **key)
    elsewhere = optiq("site", "list", "--organization", other["organization_id"], **key)
    operators = optiq("user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", **key)

    assert (foreign.exit_code, "NOT_FOUND" in foreign.stderr) == (1, True)
    assert (elsewhere.exit_code, "belongs to another organization" in elsewhere.stderr) == (2, True)
    assert (operators.exit_code, "needs the operator's key" in operators.stderr) == (2, True)
    assert _json(optiq("org", "list", "--json", **key))["items"][0]["organization_id"] == site.organization_id
    verified = optiq("audit", "verify", **key)
    assert (verified.exit_code, verified.stdout.endswith("entries: no tampering.\n")) == (0, True)


def test_operator_names_the_organization(operator: Operator) -> None:
    refused = operator("site", "list")

    assert refused.exit_code == 2
    assert "--organization: name one; `optiq org list` shows them" in refused.stderr


def test_attribution_settings_change_only_what_is_named(operator: Operator, site: NewSite) -> None:
    first = ("--custom", "2", "1", "1", "--type", "Lead=14:linear,custom", "--type", "purchase=")
    second = ("--custom-half-life-days", "5", "--default-model", "custom", "--milestone", "Lead")
    assert operator("attribution", "set", site.site_id, *first).exit_code == 0
    shown = operator("attribution", "set", site.site_id, *second)

    found = _json(operator("attribution", "show", site.site_id, "--json"))
    assert found["custom"] == {"first": 2, "middle": 1, "last": 1, "half_life_days": 5}
    assert found["conversion_types"] == [
        {"name": "Lead", "lookback_days": 14, "models": ["LINEAR", "CUSTOM"]},
        {"name": "purchase", "lookback_days": None, "models": []},
    ]
    assert (found["default_model"], found["milestone_event"], found["version"]) == ("CUSTOM", "Lead", 2)
    assert "14 days, LINEAR, CUSTOM" in shown.stdout
    assert "the site's window, all models" in shown.stdout
    assert "optiq recompute" in shown.stderr
    unknown = operator("attribution", "set", site.site_id, "--default-model", "best")
    assert (unknown.exit_code, "default_model" in unknown.stderr) == (1, True)
    assert "Nothing was learned yet" in operator("attribution", "fit", site.site_id).stdout


def test_token_is_created_listed_and_revoked(operator: Operator, site: NewSite) -> None:
    made = _json(operator("token", "create", site.site_id, "--name", "orders", "--json"))
    assert made["secret"].startswith("wk_")
    assert operator("token", "revoke", site.site_id, made["token_id"]).exit_code == 0

    listed = operator("token", "list", site.site_id, "--json").stdout
    newest, first = json.loads(listed)["items"]
    assert (newest["token_id"], newest["revoked_at"] is None) == (made["token_id"], False)
    assert (first["name"], first["revoked_at"]) == ("first", None)
    assert made["secret"] not in listed
    assert f"revoked {newest['revoked_at']}" in operator("token", "list", site.site_id).stdout


def test_recompute_runs_to_its_end(operator: Operator, site: NewSite) -> None:
    done = operator("recompute", site.site_id, "--from", "2026-01-01", "--to", "2026-01-03")

    assert (done.exit_code, done.stdout.strip()) == (0, "0 conversions checked, 0 got new credits."), done.stderr


def test_unclaimed_counts_by_day_what_names_no_site(running: Running, operator: Operator) -> None:
    before = operator("unclaimed", "--days", "2").stdout.splitlines()
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(f"{running.url}/b", b"{", timeout=LIMIT_SECONDS)
    give_up = time.monotonic() + 60
    while "1, 0 of them" not in (shown := operator("unclaimed").stdout):
        assert time.monotonic() < give_up, shown
        time.sleep(0.2)

    assert len(before) == 2
    assert all(line.endswith(": 0, 0 of them only counted") for line in before)
    assert len(shown.splitlines()) == 7
    assert _json(operator("status", "--json"))["unclaimed_today"] == 1


def test_costs_are_imported_once_or_not_at_all(operator: Operator, site: NewSite, tmp_path: Path) -> None:
    table = "date,source,medium,campaign,cost,currency\n2026-01-01,newsletter,email,january,49.90,EUR\n"
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(table)
    bad.write_text(table.replace("49.90", "much"))

    refused = operator("costs", "import", site.site_id, str(bad))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert 'line 2: cost: must be a number such as "49.90"' in refused.stderr
    for told in ("1 rows added, 0 replaced, 0 unchanged.", "0 rows added, 0 replaced, 1 unchanged."):
        assert operator("costs", "import", site.site_id, str(good)).stdout.strip() == told


def test_status_tells_health_and_lag(running: Running, operator: Operator) -> None:
    found = _json(operator("status", "--json"))

    assert (found["url"], found["health"]) == (running.url, "ok")
    assert found["lag_seconds"] >= 0
    assert "\nlag        " in operator("status").stdout


def test_printed_operator_key_opens_the_same_from_elsewhere(running: Running, tmp_path: Path, site: NewSite) -> None:
    file = tmp_path / "key"
    file.write_text(optiq("operator-key", "--home", str(running.home.path)).stdout)

    listed = optiq("org", "list", "--json", "--url", running.url, "--api-key-file", str(file))
    without = optiq("org", "list", "--url", running.url)

    assert site.organization_id in listed.stdout
    assert (without.exit_code, "a key is needed" in without.stderr) == (2, True)


def test_unknown_site_is_one_line_and_exit_code_1(operator: Operator) -> None:
    result = operator("report", "site_unknown")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: there is no site 'site_unknown' (NOT_FOUND")
    assert result.stderr.count("\n") == 1


def test_wrong_usage_is_exit_code_2() -> None:
    assert optiq("report").exit_code == 2
    assert optiq("report", "site_1", "--model", "BEST").exit_code == 2


def test_command_says_what_to_do_when_no_system_runs(tmp_path: Path) -> None:
    # GIVEN a folder whose system was killed: what answers at its address now may be anything
    (tmp_path / "run.json").write_text('{"url": "http://localhost:9"}')
    (tmp_path / "lock").touch()
    result = optiq("site", "show", "site_1", "--home", str(tmp_path))

    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: no Optiq runs in {tmp_path}: start it with `optiq up`, name its folder with --home, "
        "or a system elsewhere with --url and --api-key\n"
    )


def test_models_and_dimensions_are_those_of_reports() -> None:
    assert set(MODELS) == set(reports.MODELS)
    assert set(DIMENSIONS) == set(reports.ATTRIBUTION_DIMENSIONS)


def test_help_names_every_command() -> None:
    shown = optiq("--help").output
    for command in ("up", "site", "org", "user", "status", "report", "conversions", "recompute", "attribute", "rates"):
        assert f"  {command} " in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(shell: str) -> None:
    script = optiq("completion", shell)

    assert script.exit_code == 0
    assert f"_OPTIQ_COMPLETE={shell}_complete" in script.stdout
    completed = optiq(_OPTIQ_COMPLETE="bash_complete", COMP_WORDS="optiq si", COMP_CWORD="1")
    assert completed.output == "plain,site\n"
