"""A message as Slack's incoming webhooks take it (docs.slack.dev, Block Kit), and what their answers mean."""

import json
from collections.abc import Iterator
from typing import Any

from optiq.notifications.contracts import Message
from optiq.notifications.sending.posting import Answer

_TITLE, _SECTION, _BLOCKS, _ALL = 150, 3_000, 50, 10_000
"""Slack's limits of a header, a section and the blocks. It refuses whole messages near 13,000 characters."""
_GONE = (403, 404, 410)
_SHORTENED = "…"


def body_of(message: Message) -> bytes:
    """The JSON to post. What does not fit is left out; the link at the end leads to all of it."""
    link = f"<{message.url}|{_escaped(message.action)}>" if message.url else ""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(message.title, _TITLE), "emoji": False}}
    ]
    room = _ALL - len(link) - _TITLE
    left_out = 0
    for text in _sections(message):
        if len(blocks) >= _BLOCKS - 2 or len(text) > room:
            left_out += 1
            continue
        room -= len(text)
        blocks.append(_section(text))
    if left_out:
        blocks.append(_section("There is more than fits here."))
    if link:
        blocks.append(_section(link))
    # Notifications and screen readers have the text alone.
    return json.dumps({"text": _escaped(message.title), "blocks": blocks}).encode()


def refuses_for_good(answer: Answer) -> bool:
    """Whether the webhook is no more, or its channel: nothing is sent there again until somebody sets another."""
    return answer.status in _GONE


def is_our_fault(answer: Answer) -> bool:
    """Whether Slack cannot read the message: it never will."""
    return answer.status == 400


def _sections(message: Message) -> Iterator[str]:
    yield from (_cut(_escaped(paragraph), _SECTION) for paragraph in message.paragraphs)
    points = [f"• {_escaped(point)}" for point in message.points]
    while points:
        taken: list[str] = []
        while points and sum(map(len, taken)) + len(taken) + len(points[0]) <= _SECTION:
            taken.append(points.pop(0))
        if not taken:
            taken = [_cut(points.pop(0), _SECTION)]
        yield "\n".join(taken)


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _escaped(text: str) -> str:
    """Text that mentions nobody and is no link, whatever people call their campaigns."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A zero-width space keeps Slack's marks (*bold*, _italic_, ~struck~, `code`) from beginning or ending.
    for mark in "*_~`":
        escaped = escaped.replace(mark, f"\u200b{mark}\u200b")
    return escaped


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + _SHORTENED
