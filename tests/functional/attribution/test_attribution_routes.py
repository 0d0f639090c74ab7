"""Conversions, their explanation and recomputation over HTTP, and the stream consumer's handler."""

import base64
from typing import Any

import pytest
from optiq.kernel.events import ConversionRecorded, EventRejected, encode

from functions.attribution import on_conversions, routes
from functions.journeys import routes as conversions
from tests.functional.attribution.story import Story
from tests.functional.reports.http import answer, request


def ask(story: Story, path: str, *, method: str = "GET", body: str = "", owner: str = "") -> tuple[int, dict[str, Any]]:
    event = request(
        f"/v1/{path}".replace("{site}", f"sites/{story.site.site_id}"),
        owner or story.site.organization_id,
        method=method,
        body=body,
    )
    handler = conversions.handler if "/conversions" in event["rawPath"] else routes.handler
    return answer(handler(event, None))


def test_conversion_shows_its_path_its_credits_and_what_was_left_out(story: Story) -> None:
    # Given a credited conversion with a touch too old to count
    story.touch("ann", 100, "Display")
    touch = story.touch("ann", 1, "Email", click_ids=(("gclid", "x"),))
    conversion = story.conversion("ann", value_micros=49_900_000)
    story.arrive()

    # When it is asked for
    status, body = ask(story, f"{{site}}/conversions/{conversion.conversion_id}")

    # Then everything about it is there
    assert status == 200
    assert body["value_micros"] == 49_900_000
    assert body["currency"] == "EUR"
    assert body["occurred_at"] == "2026-03-10T12:00:00.000Z"
    assert body["customer_id"] == "ann"
    assert (body["status"], body["evidence"], body["window_days"]) == ("COMPUTED", "DETERMINISTIC", 90)
    (shown,) = body["path"]
    assert (shown["channel"], shown["occurred_at"]) == ("Email", "2026-03-09T12:00:00.000Z")
    assert shown["click_ids"] == {"gclid": "x"}
    assert len(body["credits"]) == 7
    for of_model in body["credits"]:
        assert of_model["touches"] == [
            {"touch_id": touch.touch_id, "channel": "Email", "weight": 1.0, "credit_micros": 49_900_000}
        ]
    assert [(item["touch"]["channel"], item["reason"]) for item in body["left_out"]] == [("Display", "OUTSIDE_WINDOW")]


def test_uncredited_conversion_is_pending(story: Story) -> None:
    conversion = story.conversion("ann")
    status, body = ask(story, f"{{site}}/conversions/{conversion.conversion_id}")
    assert status == 200
    assert (body["status"], body["credits"], body["computed_at"]) == ("PENDING", [], None)


def test_recompute_answers_with_a_job_to_watch(story: Story) -> None:
    status, job = ask(
        story, "{site}/attribution/recompute", method="POST", body='{"from": "2026-03-01", "to": "2026-03-31"}'
    )
    assert status == 202
    assert (job["status"], job["from"], job["to"]) == ("QUEUED", "2026-03-01", "2026-03-31")
    assert ask(story, f"jobs/{job['job_id']}") == (200, job)


def test_a_job_can_be_cancelled_once(story: Story) -> None:
    _, job = ask(
        story, "{site}/attribution/recompute", method="POST", body='{"from": "2026-03-01", "to": "2026-03-31"}'
    )

    status, cancelled = ask(story, f"jobs/{job['job_id']}/cancel", method="POST")

    assert (status, cancelled) == (200, job | {"status": "CANCELLED"})
    assert ask(story, f"jobs/{job['job_id']}/cancel", method="POST") == (200, cancelled)


@pytest.mark.parametrize(
    ("path", "method", "body", "status"),
    [
        ("{site}/conversions/conversion_none", "GET", "", 404),
        ("jobs/job_none", "GET", "", 404),
        ("jobs/job_none/cancel", "POST", "", 404),
        ("{site}/conversions?limit=0", "GET", "", 400),
        ("{site}/conversions?limit=many", "GET", "", 400),
        ("{site}/attribution/recompute", "POST", '{"from": "2026-03-31"}', 400),
        ("{site}/attribution/recompute", "POST", '{"from": "2026-03-31", "to": "2026-03-01"}', 400),
        ("{site}/attribution/recompute", "POST", '{"from": 1, "to": NaN}', 400),
        ("{site}/attribution/recompute", "POST", "not JSON", 400),
    ],
)
def test_mistakes_are_answered_with_a_problem(story: Story, path: str, method: str, body: str, status: int) -> None:
    assert (given := ask(story, path, method=method, body=body))[0] == status
    assert given[1]["status"] == status
    assert given[1]["detail"]


def test_another_organization_sees_nothing(story: Story, organization_id: str) -> None:
    conversion = story.conversion("ann")
    story.arrive()
    _, job = ask(
        story, "{site}/attribution/recompute", method="POST", body='{"from": "2026-03-01", "to": "2026-03-31"}'
    )
    for path, method in (
        (f"{{site}}/conversions/{conversion.conversion_id}", "GET"),
        (f"jobs/{job['job_id']}", "GET"),
        (f"jobs/{job['job_id']}/cancel", "POST"),
        ("{site}/attribution/recompute", "POST"),
    ):
        body = '{"from": "2026-03-01", "to": "2026-03-31"}' if method == "POST" else ""
        assert ask(story, path, method=method, body=body, owner=organization_id)[0] == 404


def record(sequence: str, data: bytes) -> dict[str, Any]:
    kinesis = {"sequenceNumber": sequence, "data": base64.b64encode(data).decode()}
    return {"eventID": f"shardId-000000000000:{sequence}", "kinesis": kinesis}


def recorded(story: Story) -> bytes:
    (ref,) = story.refs()
    return encode(
        ConversionRecorded(
            organization_id=ref.organization_id,
            site_id=ref.site_id,
            customer_id=ref.customer_id,
            conversion_id=ref.conversion_id,
            revision=1,
        )
    )


def test_consumer_credits_what_was_recorded_and_ignores_the_rest(story: Story) -> None:
    story.conversion("ann")
    other = encode(EventRejected(receipt="r", received_ms=1, source="/b", reason="none", body=""))

    response = on_conversions.handler({"Records": [record("1", other), record("2", recorded(story))]}, None)

    assert response == {"batchItemFailures": []}
    assert len(story.credit_rows()) == 1


@pytest.mark.parametrize("poison", [b"{", b"\xff", b'{"type": "Unknown"}', b"null"])
def test_consumer_names_the_message_it_cannot_read(story: Story, poison: bytes) -> None:
    # Given a poisoned message between two good ones
    story.conversion("ann")
    records = [record("1", recorded(story)), record("2", poison), record("3", recorded(story))]

    # Then it is reported, and what stood before it is done
    assert on_conversions.handler({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert len(story.credit_rows()) == 1
