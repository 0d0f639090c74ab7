import json
from typing import Any

import pytest
from optiq.notifications.contracts import Message
from optiq.notifications.sending.posting import Answer
from optiq.notifications.sending.slack import body_of, is_our_fault, refuses_for_good

URL = "https://optiq.example/console/alerts#alert_1"


def sent(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(message))
    return found


def texts(message: Message) -> list[str]:
    return [block["text"]["text"] for block in sent(message)["blocks"]]


def test_a_message_has_a_title_a_text_for_screen_readers_and_a_link() -> None:
    message = Message("Orders were 52", ("100 are usual.",), ("Email: -40",), "See the alert", URL)

    assert sent(message)["text"] == "Orders were 52"
    assert texts(message) == ["Orders were 52", "100 are usual.", "• Email: -40", f"<{URL}|See the alert>"]


def test_sixty_long_points_fit_and_the_link_is_kept() -> None:
    message = Message("t" * 500, ("p" * 5_000,), tuple(f"campaign {'x' * 300} {n}" for n in range(60)), "See", URL)
    found = texts(message)

    assert len(found) <= 50
    assert sum(map(len, found)) <= 10_000
    assert len(found[0]) == 150
    assert max(map(len, found)) <= 3_000
    assert found[-2:] == ["There is more than fits here.", f"<{URL}|See>"]


def test_sixty_short_points_are_all_there() -> None:
    found = texts(Message("title", (), tuple(f"campaign {n}" for n in range(60))))

    assert sum(text.count("• campaign") for text in found) == 60


@pytest.mark.parametrize("name", ["<!channel> & *x*", "<@U123>", "<https://evil.example|bank>", "`a` ~b~ _c_"])
def test_a_name_arrives_as_text(name: str) -> None:
    (_, paragraph) = texts(Message("title", (name,)))
    shown = paragraph.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    assert shown == name
    assert "<" not in paragraph
    assert not any(f" {mark}" in f" {paragraph}" for mark in "*_~`")


@pytest.mark.parametrize(
    ("status", "gone", "ours"),
    [
        (200, False, False),
        (400, False, True),
        (403, True, False),
        (404, True, False),
        (410, True, False),
        (429, False, False),
    ],
)
def test_answers_of_slack_mean_what_its_documents_say(status: int, gone: bool, ours: bool) -> None:
    answer = Answer(status, "")

    assert (refuses_for_good(answer), is_our_fault(answer)) == (gone, ours)
