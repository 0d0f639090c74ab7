"""Errors in groups: taken in as clients of Sentry report them, masked, counted once, resolved, back."""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
import sentry_sdk
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, system_clock, utc_day
from optiq.kernel.errors import NotFoundError, UnauthenticatedError
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.limits import Buckets, Limit
from optiq.notifications import api as notifications
from optiq.operations import api as operations
from optiq.operations.errors import api as errors
from optiq.operations.errors import grouping, projects, receiving
from optiq.operations.errors.contracts import ErrorReported, Issue
from optiq.operations.errors.projects import OWN, Project
from optiq.operations.errors.stores import ISSUES
from optiq.operations.lake import ERRORS
from optiq.operators.staff import api as staff
from optiq.ports import wiring
from optiq.retention.sweeping import sweep_organization

from infra.local.gateway import Gateway
from tests.functional.cases.shop import Shop
from tests.functional.operations.reporting import FRAMES, answering, envelope_of, event_of, host_of, post
from tests.functional.pipeline import Pipeline
from tests.functional.sharing.mailing import Carrier
from tests.functional.subscribers import deliver_events, waiting_events


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    found = Carrier(wiring.mailer())
    monkeypatch.setattr(wiring, "mailer", lambda: found)
    return found


@pytest.fixture
def shop(table: object) -> Shop:
    return Shop()


@pytest.fixture
def project(shop: Shop) -> Project:
    return Project(*shop.where)


@pytest.fixture
def caller(shop: Shop) -> Caller:
    return Caller.system(shop.where[0])


@pytest.fixture
def pipeline(shop: Shop) -> Pipeline:
    return Pipeline()


def settle(pipeline: Pipeline) -> None:
    pipeline.drain(consumers=("operations",))


def open_issues(caller: Caller, project: Project) -> list[Issue]:
    found = errors.list_issues(caller, project.site_id).items
    return [errors.get_issue(caller, project.site_id, one.issue_id) for one in found]


def report(project: Project, pipeline: Pipeline, *events: dict[str, Any]) -> None:
    assert post(project, envelope_of(*events))["statusCode"] == 200
    settle(pipeline)


def rows_of(project: Project) -> list[tuple[Any, ...]]:
    sql = f"SELECT error_id, message FROM {ERRORS.name} WHERE site_id = ?"
    return wiring.query().run(sql, project.organization_id, (project.site_id,)).rows


def _share(total: int, people: int) -> float:
    return total / people


def test_the_official_client_makes_one_group_of_a_division_by_zero(
    gateway: Gateway, project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    with answering(gateway) as url:
        address = projects.address_of(wiring.platform_secret(), project, url)
        sentry_sdk.init(dsn=address, default_integrations=False, release="shop@1.2", shutdown_timeout=10)
        assert host_of(url) in address
        try:
            _share(1, 0)
        except ZeroDivisionError as error:
            line = error.__traceback__.tb_next.tb_lineno  # type: ignore[union-attr]
            sentry_sdk.capture_exception(error)
        sentry_sdk.flush(20)
        sentry_sdk.get_client().close()
        sentry_sdk.init()
    settle(pipeline)

    (issue,) = open_issues(caller, project)
    assert (issue.error_type, issue.message, issue.count) == ("ZeroDivisionError", "division by zero", 1)
    assert issue.source_file.endswith("tests/functional/operations/test_errors.py")
    assert (issue.source_line, issue.caller_name) == (line, "_share")
    assert (issue.environment, issue.release, issue.status) == ("BACKEND", "shop@1.2", "OPEN")


def test_a_browser_reports_with_the_key_in_the_address(
    gateway: Gateway, project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    import urllib.request

    secret = wiring.platform_secret()
    page = {"url": "https://shop.example/cart?token=abc"}
    frames = [{"filename": "https://shop.example/main.3f2a1bc4.js?v=2", "function": "pay", "lineno": 1, "colno": 998}]
    thrown = {"type": "TypeError", "value": "x is undefined", "stacktrace": {"frames": frames}}
    event = event_of(platform="javascript", request=page, exception={"values": [thrown]})
    with answering(gateway) as url:
        query = (
            f"sentry_version=7&sentry_key={projects.key_of(secret, project)}&sentry_client=sentry.javascript.browser"
        )
        asked = urllib.request.Request(
            f"{url}/api/{projects.number_of(secret, project)}/envelope/?{query}",
            envelope_of(event),
            {"content-type": "text/plain;charset=UTF-8", "origin": "https://shop.example"},
        )
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["access-control-allow-origin"] == "*"
            assert json.loads(answer.read()) == {"id": event["event_id"]}
    settle(pipeline)

    (issue,) = open_issues(caller, project)
    assert (issue.environment, issue.route, issue.source_column) == ("FRONTEND", "/cart", 998)


def test_a_thousand_errors_that_differ_in_a_number_are_one_group(
    project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    events = [event_of(f"order {number} is missing") for number in range(1, 1001)]
    for start in range(0, 1000, 50):
        assert post(project, envelope_of(*events[start : start + 50]), zipped=True)["statusCode"] == 200
    settle(pipeline)

    (issue,) = open_issues(caller, project)
    assert issue.count == 1000
    assert len(issue.recent) == 10
    assert len(rows_of(project)) == 1000


def test_without_a_stack_numbers_and_ids_of_a_message_are_no_difference(project: Project) -> None:
    said = [f"order {number} of {uuid4()} at 0x7f{number:04x}" for number in (7, 4711)]
    ids = {grouping_id(project, {"logentry": {"message": one}}) for one in said}

    assert len(ids) == 1
    assert ids != {grouping_id(project, {"logentry": {"message": "another order"}})}


def grouping_id(project: Project, event: dict[str, Any]) -> str:
    from optiq.operations.errors.reading import error_of

    return error_of(project, event, system_clock()).issue_id


def test_the_same_type_at_two_calls_is_two_groups_and_another_line_is_not(project: Project) -> None:
    def raised(frame: dict[str, Any]) -> str:
        stack = {"frames": [*FRAMES[:2], frame]}
        value = {"type": "ValueError", "value": "no", "stacktrace": stack}
        return grouping_id(project, event_of(exception={"values": [value]}))

    here, there = ({"filename": "shop/prices.py", "function": name, "in_app": True} for name in ("net", "gross"))
    assert raised(here) != raised(there)
    assert raised(here) == raised(here | {"lineno": 99})


def test_the_same_report_twice_and_a_replayed_batch_count_once(
    project: Project, caller: Caller, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_of()
    for _ in range(2):
        post(project, envelope_of(event))
    (batch,) = pipeline.batches("operations")
    from functions.operations.on_errors import handler

    # Killed behind the rows, before the groups.
    with monkeypatch.context() as killed:
        killed.setattr(grouping, "_count", _killed)
        with pytest.raises(KeyboardInterrupt):
            handler(batch, None)
    for _ in range(3):
        handler(batch, None)

    (issue,) = open_issues(caller, project)
    assert issue.count == 1
    assert len({error_id for error_id, _ in rows_of(project)}) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_resolved_error_that_comes_back_is_regressed_and_told_once(
    project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    report(project, pipeline, event_of())
    (issue,) = open_issues(caller, project)
    errors.change_issue(caller, project.site_id, issue.issue_id, status="RESOLVED")
    assert not open_issues(caller, project)
    # Told late: it happened before it was resolved.
    report(project, pipeline, event_of(timestamp=(system_clock() - MINUTE_MS) / SECOND_MS))
    assert not open_issues(caller, project)
    for _ in range(3):
        report(project, pipeline, event_of())

    (issue,) = open_issues(caller, project)
    assert (issue.regressed, issue.regressions, issue.count) == (True, 1, 5)
    (told,) = waiting_events(project.organization_id, "NotificationRequested")
    assert told.data["kind"] == "error"
    assert told.data["message"]["title"] == "An error is back"
    assert told.data["message"]["paragraphs"][0] == "ZeroDivisionError: division by zero"


def test_secrets_and_addresses_are_in_nothing_that_is_kept(
    project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    variables = {
        "password": "'hunter2-secret'",
        "access_token": "'tok-4f9a8b7c6d'",
        "headers": {"Cookie": "sid=cookie-value-1; theme=dark", "X-Csrf-Token": "csrf-value-1"},
        "line": "'Cookie: sid=cookie-value-2'",
        "email": "'ann@shop.example'",
        "order": "4711",
    }
    frames = [*FRAMES[:2], FRAMES[2] | {"vars": variables, "context_line": "mail('bob@shop.example')"}]
    thrown = {"type": "tim@shop.example", "value": "no mail for eve@shop.example", "stacktrace": {"frames": frames}}
    report(
        project,
        pipeline,
        event_of(
            exception={"values": [thrown]},
            user={"id": "user-77", "email": "dan@shop.example", "ip_address": "203.0.113.9"},
            tags={"mail": "joe@shop.example", "shop": "berlin", "error_code": "ida@shop.example"},
            release="max@shop.example",
        ),
    )

    (issue,) = open_issues(caller, project)
    kept = repr(issue) + repr(wiring.query().run(f"SELECT * FROM {ERRORS.name}", project.organization_id).rows)
    for secret in ("hunter2", "tok-4f9a", "cookie-value", "csrf-value", "@shop.example", "203.0.113.9", "user-77"):
        assert secret not in kept
    assert '"order": "4711"' in issue.stack
    assert "berlin" in issue.recent[0].metadata


def test_what_happened_31_days_ago_is_gone(project: Project, caller: Caller, pipeline: Pipeline) -> None:
    now_ms = system_clock()
    old = _error(project, now_ms - 31 * DAY_MS)
    grouping.take_in([old], now_ms - 31 * DAY_MS)
    grouping.take_in([_error(project, now_ms - 29 * DAY_MS)], now_ms - 29 * DAY_MS)
    assert sweep_organization(project.organization_id, now_ms, lambda: False) == (1, 0)

    (issue,) = open_issues(caller, project)
    assert (len(issue.recent), len(rows_of(project))) == (1, 1)
    # Delivered again, it stays gone.
    grouping.take_in([old], now_ms)
    assert len(rows_of(project)) == 1
    with pytest.raises(NotFoundError):
        errors.get_issue(caller, project.site_id, issue.issue_id, clock=lambda: now_ms + 2 * DAY_MS)


def test_what_happened_to_optiq_31_days_ago_is_gone(table: object) -> None:
    now_ms = system_clock()
    for days in (31, 29):
        grouping.take_in([_error(OWN, now_ms - days * DAY_MS)], now_ms - days * DAY_MS)

    assert (operations.forget_old(now_ms), operations.forget_old(now_ms)) == (1, 0)
    days_kept = {file.day for file in wiring.lake().files(ERRORS.name, PLATFORM)}
    assert utc_day(now_ms - 29 * DAY_MS) in days_kept
    assert utc_day(now_ms - 31 * DAY_MS) not in days_kept


def _error(project: Project, at_ms: int) -> ErrorReported:
    return ErrorReported(
        organization_id=project.organization_id,
        site_id=project.site_id,
        error_id=uuid4().hex,
        issue_id=uuid4().hex if not project.site_id else f"{project.site_id[-20:]}",
        occurred_ms=at_ms,
        received_ms=at_ms,
        message="no",
        environment="BACKEND",
    )


def test_a_flood_of_one_key_is_refused_and_another_key_is_not(
    project: Project, table: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time stands still, for a machine may be slow."""
    limit = Limit(Buckets(10, 1_100, clock=lambda: 0.0))
    monkeypatch.setattr(receiving, "limits", lambda *_: limit)
    assert post(project, envelope_of(*[event_of() for _ in range(100)]))["statusCode"] == 200
    body = envelope_of()
    statuses = Counter(post(project, body)["statusCode"] for _ in range(10_000))
    refused = post(project, body)

    assert statuses == {200: 1_000, 429: 9_000}
    assert int(refused["headers"]["retry-after"]) >= 1
    assert refused["headers"]["x-sentry-rate-limits"].endswith(":error:key")
    assert post(OWN, body)["statusCode"] == 200


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"no json", "must be one line of JSON"),
        (b'{}\n{"type":"event","length":99}\n{}', "length: item 1 says 99"),
        (b'{}\n{"type":"event"}\n[]', "an event: must be an object"),
        (b"{}\n" + b'{"type":"session"}\n{}\n' * 101, "more than 100 items"),
    ],
)
def test_an_envelope_that_cannot_be_read_says_why(project: Project, body: bytes, says: str) -> None:
    answer = post(project, body)

    assert answer["statusCode"] == 400
    assert says in json.loads(answer["body"])["detail"]


def test_an_error_of_half_characters_and_no_time_is_taken_in_as_it_can_be(
    project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    half = "a\ud800"
    frame = {"filename": half, "function": half, "context_line": half, "vars": {half: half, "list": [half, {half: 1}]}}
    report(
        project,
        pipeline,
        event_of(
            exception={"values": [{"type": half, "value": half, "stacktrace": {"frames": [frame]}}]},
            user={"id": half},
            tags={half: half, "optiq_visitor": half, "error_code": half},
            release=half,
            transaction=half,
            timestamp="half past two",
        ),
    )

    (issue,) = open_issues(caller, project)
    assert (issue.message, issue.release, issue.route) == ("a?", "a?", "a?")
    assert [message for _, message in rows_of(project)] == ["a?"]


def test_an_envelope_that_inflates_too_far_is_refused(project: Project) -> None:
    assert post(project, b"{}\n" + b" " * 2_000_000, zipped=True)["statusCode"] == 413


def test_items_that_are_no_errors_are_passed_over(project: Project, caller: Caller, pipeline: Pipeline) -> None:
    report(project, pipeline)
    assert post(project, b'{}\n{"type":"session"}\n{}\n{"type":"attachment","length":3}\na\nb\n')["statusCode"] == 200
    settle(pipeline)

    assert not open_issues(caller, project)


def test_a_key_is_good_for_its_own_project_alone(project: Project) -> None:
    secret = wiring.platform_secret()
    key = projects.key_of(secret, project)
    for wrong in (key[:-1] + ("0" if key[-1] != "0" else "1"), key.upper(), "", "zz"):
        assert post(project, envelope_of(), key=wrong or "0")["statusCode"] == 401
    with pytest.raises(UnauthenticatedError, match="whole address"):
        projects.project_of(secret, key, str(projects.number_of(secret, OWN)))
    assert post(project, envelope_of(), rest="store/")["statusCode"] == 404


def test_errors_of_another_organization_are_not_found(
    project: Project, caller: Caller, pipeline: Pipeline, table: object
) -> None:
    report(project, pipeline, event_of())
    (issue,) = open_issues(caller, project)
    other = Shop()
    stranger = Caller.system(other.where[0])

    for site_id in (project.site_id, other.where[1], ""):
        with pytest.raises(NotFoundError):
            errors.get_issue(stranger, site_id, issue.issue_id)
        with pytest.raises(NotFoundError):
            errors.change_issue(stranger, site_id, issue.issue_id, status="RESOLVED")


def test_the_platforms_own_errors_are_staffs(pipeline: Pipeline) -> None:
    marker = uuid4().hex
    thrown = {"type": f"Own{marker}", "value": "no", "stacktrace": {"frames": FRAMES}}
    report(OWN, pipeline, event_of(exception={"values": [thrown]}))

    staff = Caller.system(PLATFORM)
    (issue,) = [one for one in errors.list_issues(staff, "").items if one.error_type == f"Own{marker}"]
    assert ISSUES.get(staff, issue.issue_id).count == 1


def test_a_regression_of_optiqs_own_is_told_to_the_staff(
    pipeline: Pipeline, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "addresses", lambda: ("ops@optiq.example",))
    thrown = {"type": f"Own{uuid4().hex}", "value": "no", "stacktrace": {"frames": FRAMES}}
    caller = Caller.system(PLATFORM)
    report(OWN, pipeline, event_of(exception={"values": [thrown]}))
    (issue,) = [one for one in errors.list_issues(caller, "").items if one.error_type == thrown["type"]]
    errors.change_issue(caller, "", issue.issue_id, status="RESOLVED")
    for _ in range(2):
        report(OWN, pipeline, event_of(exception={"values": [thrown]}))
    deliver_events()
    notifications.send_due(lambda: False, lambda: system_clock() + 2 * MINUTE_MS)

    (mail,) = [one for one in carrier.taken if one.to == "ops@optiq.example"]
    assert mail.subject.endswith("An error is back")
    assert thrown["type"] in mail.text


def test_an_error_costs_the_carts_that_were_dropped_after_it(
    shop: Shop, project: Project, caller: Caller, pipeline: Pipeline
) -> None:
    """Two visitors drop carts of 31 and 400; one buys after the error, one had no cart, one dropped it without one."""
    for visitor, value in (("v-drop", 31), ("v-checkout", 100), ("v-buys", 50), ("v-fine", 70)):
        shop.page(visitor)
        shop.beacon(_track(visitor, "add_to_cart", value=value, currency="EUR"))
    shop.beacon(_track("v-checkout", "begin_checkout", value=400, currency="EUR"))
    shop.page("v-looks")
    happened = shop.now_ms + 2 * SECOND_MS
    for visitor in ("v-drop", "v-checkout", "v-buys", "v-looks", "v-unknown"):
        report(project, pipeline, event_of(timestamp=happened / SECOND_MS, tags={"optiq_visitor": visitor}))
    shop.page_order("v-buys", value=50, currency="EUR", order_id="A1")
    shop.settle()

    (issue,) = open_issues(caller, project)
    cost = errors.cost_of(caller, project.site_id, issue.issue_id)
    assert (cost.visitors, cost.carts, cost.value_micros, cost.currency) == (5, 2, 431_000_000, "EUR")


def _track(visitor: str, name: str, **properties: Any) -> dict[str, Any]:
    url = "https://shop.example/cart"
    return {"anonymous_id": visitor, "kind": "track", "name": name, "url": url, "properties": properties}
