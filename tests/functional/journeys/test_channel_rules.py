"""A site's own channel rules: versions, what they change, and who may see them."""

import json
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.kernel.errors import ConflictError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule, NewSite

from functions.journeys.routes import handler
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")

PODCAST = {"channel": "Podcasts", "source": "pod*", "medium": "", "campaign": ""}


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def _ask(
    site: NewSite, method: str, path: str = "", body: object = None, organization_id: str = ""
) -> tuple[int, dict[str, Any]]:
    organization_id = organization_id or site.site.organization_id
    text = "" if body is None else json.dumps(body)
    path = f"/v1/sites/{site.site.site_id}/channel-rules{path}"
    return answer(handler(request(path, organization_id, method=method, body=text), None))


def _visit(site: NewSite, pipeline: Pipeline, query: str, days_ago: float = 0) -> None:
    when = to_rfc3339(system_clock() - int(days_ago * DAY_MS))
    page = {"url": f"https://shop.example/{query}"}
    message = {"type": "page", "anonymousId": f"v{query}{days_ago}", "timestamp": when, "context": {"page": page}}
    send_segment(site, "batch", {"batch": [message]})
    pipeline.drain()


def _channels(site: NewSite) -> list[tuple[object, ...]]:
    sql = f"SELECT channel, channel_rules_version FROM ({latest_rows(TOUCHES, 'site_id = ?')}) ORDER BY occurred_at"
    return wiring.query().run(sql, site.site.organization_id, (site.site.site_id,)).rows


def test_every_version_is_kept_and_the_last_holds(site: NewSite) -> None:
    # GIVEN a site that never said anything
    status, said = _ask(site, "GET")
    assert (status, said["current"]["version"], said["current"]["rules"]) == (200, 0, [])

    # WHEN its rules are changed twice
    assert _ask(site, "PUT", body={"rules": [{"channel": " Podcasts ", "source": "pod*"}]})[1]["version"] == 1
    assert _ask(site, "PUT", body={"rules": []})[1]["version"] == 2

    # THEN all three versions are there, the last one first
    said = _ask(site, "GET")[1]
    assert said["current"] == said["versions"][0]
    assert [(v["version"], v["rules"]) for v in said["versions"]] == [(2, []), (1, [PODCAST]), (0, [])]


def test_touches_carry_the_version_that_named_their_channel(site: NewSite) -> None:
    pipeline = Pipeline()
    _visit(site, pipeline, "?utm_source=podling&utm_medium=audio", days_ago=1)
    _ask(site, "PUT", body={"rules": [PODCAST]})
    _visit(site, pipeline, "?utm_source=podling&utm_medium=audio")

    assert _channels(site) == [("Audio", 0), ("Podcasts", 1)]


def test_a_dry_run_says_what_would_change_and_changes_nothing(site: NewSite) -> None:
    # GIVEN three touches of two channels within 30 days, one of them an ad that a medium does not show, and an old one
    pipeline = Pipeline()
    _visit(site, pipeline, "?utm_source=podling&utm_medium=audio", days_ago=1)
    _visit(site, pipeline, "?utm_source=podling&utm_medium=audio", days_ago=2)
    _visit(site, pipeline, "?utm_source=google&utm_medium=search&gclid=1")
    _visit(site, pipeline, "")
    _visit(site, pipeline, "?utm_source=podling&utm_medium=audio", days_ago=40)
    before = _channels(site)

    # WHEN a rule is tried
    status, said = _ask(site, "POST", "/dry-run", {"rules": [PODCAST]})

    # THEN only what it changes is told
    assert (status, said["touches"]) == (200, 4)
    assert said["changes"] == [{"old_channel": "Audio", "new_channel": "Podcasts", "touches": 2, "share": 0.5}]
    assert _channels(site) == before
    assert _ask(site, "GET")[1]["current"]["version"] == 0
    assert _ask(site, "POST", "/dry-run", {"rules": []})[1]["changes"] == []


@pytest.mark.parametrize(
    "rules",
    [
        [{"channel": "", "source": "x"}],
        [{"channel": "Everything"}],
        [{"channel": "X", "source": "x" * 201}],
        [{"channel": "X", "sauce": "x"}],
        [{"channel": "X", "source": "x"}] * 101,
        "all",
    ],
)
def test_rules_that_cannot_be_are_refused(site: NewSite, rules: object) -> None:
    for method, path in (("PUT", ""), ("POST", "/dry-run")):
        assert _ask(site, method, path, {"rules": rules})[0] == 400
    assert _ask(site, "GET")[1]["current"]["version"] == 0


def test_a_change_that_came_between_is_not_overwritten(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    organization_id, site_id = site.site.organization_id, site.site.site_id
    commit = audit.commit

    def somebody_else_first(writes: Any, changes: Any, **events: Any) -> bool:
        monkeypatch.setattr(audit, "commit", commit)
        tenancy.set_channel_rules(tenancy.operator(organization_id), site_id, [ChannelRule("Theirs", source="a")])
        return commit(writes, changes, **events)

    monkeypatch.setattr(audit, "commit", somebody_else_first)
    with pytest.raises(ConflictError):
        tenancy.set_channel_rules(tenancy.operator(organization_id), site_id, [ChannelRule("Mine", source="b")])

    current, *_ = tenancy.channel_rule_versions(tenancy.operator(organization_id), site_id)
    assert (current.version, current.rules[0].channel) == (1, "Theirs")


def test_another_organization_sees_and_changes_nothing(site: NewSite, organization_id: str) -> None:
    for method, path, body in (("GET", "", None), ("PUT", "", {"rules": []}), ("POST", "/dry-run", {"rules": []})):
        assert _ask(site, method, path, body, organization_id)[0] == 404
