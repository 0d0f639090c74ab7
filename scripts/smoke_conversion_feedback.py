"""Tells a real platform test events, and says what fits Optiq's reading of its documents and what not.

    OPTIQ_OAUTH=clients.json .venv/bin/python -m scripts.smoke_conversion_feedback META --target 900100200300 \\
        --told-as Purchase --test-code TEST4711

It asks for your permission as Optiq does. Every event is of nobody, and goes to the platform's test tool; Google is
asked to look at it only. Nothing counts, nothing is written here, and the tokens are forgotten when it ends.

It has never been run with a real account. Whoever does so first closes what docs/operating.md lists as not tried.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optiq.kernel.clock import DAY_MS, HOUR_MS, system_clock
from optiq.kernel.ids import new_id

from scripts.smoke_ad_platforms import CALLBACK, ask_permission, told

if TYPE_CHECKING:
    from optiq.feedback.destinations.contracts import Destination
    from optiq.feedback.vendors.contract import Answer, Told

_LOOK = "now look at the test tool: it must show one event of this id, or say that the second was left out"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("OPTIQ_SUBSTRATE", "embedded")
    from optiq.feedback.vendors.registry import vendors

    parser = argparse.ArgumentParser(description="Tell a platform test events once.")
    parser.add_argument("platform", choices=sorted(vendors()))
    parser.add_argument("--target", required=True, help="dataset or pixel; at Google the customer with the actions")
    parser.add_argument("--told-as", required=True, help="name of the event; at Google the conversion action's number")
    parser.add_argument("--test-code", default="", help="that Meta's or TikTok's test tool shows")
    parser.add_argument("--login-id", default="", help="at Google the manager that signs in")
    parser.add_argument("--redirect", default=CALLBACK, help="the callback that your app has")
    asked = parser.parse_args(arguments)
    if asked.platform != "GOOGLE_ADS" and not asked.test_code:
        parser.error("--test-code: enter the code of the test tool, or the events would count")
    tokens = ask_permission(asked.platform, asked.redirect, uploads=True)
    if tokens is None:
        return 1
    return told(check(_destination(asked), tokens.access))


def check(destination: "Destination", access: str) -> Iterator[tuple[bool, str]]:
    """What the platform was told, and whether it answered as expected. No line has a token."""
    asking, now_ms = _Asking(destination, access), system_clock()
    event_id = new_id("test", now_ms)
    good = _event(destination, event_id, now_ms - HOUR_MS)
    answer = asking.tell(good)
    yield answer.outcome == "ACCEPTED", f"a test event: {_said(answer)}"
    yield bool(answer.trace), f"its trace: {answer.trace or 'none'}"
    again = asking.tell(good)
    yield again.outcome == "ACCEPTED", f"the same event again: {_said(again)}; {_LOOK} ({event_id})"
    old = _event(destination, f"{event_id}-old", now_ms - 100 * DAY_MS)
    answer = asking.tell(good, old)
    if destination.platform == "GOOGLE_ADS":
        yield True, f"an event of 100 days ago beside it (Google may say so later only): {_said(answer)}"
        lacking = asking.tell(good, replace(old, vendor_id=""))
        named = lacking.outcome == "REFUSED" and 1 in lacking.refused
        yield named, f"an event without an id is named as the second one: {_said(lacking)}"
        return
    yield answer.outcome in ("REFUSED", "PARTIAL"), f"an event of 100 days ago beside it: {_said(answer)}"


def _destination(asked: argparse.Namespace) -> "Destination":
    from optiq.feedback.destinations.contracts import Destination, ToldEvent

    events = (ToldEvent("Test", asked.told_as),)
    settings = {"login_id": asked.login_id, "test_code": asked.test_code}
    return Destination("", "", "", "Test", asked.platform, "", asked.target, events, 0, 0, **settings)


@dataclass(frozen=True)
class _Asking:
    """Tells one platform events, with a token."""

    destination: "Destination"
    access: str

    def tell(self, *events: "Told") -> "Answer":
        """What its answer to a request of test events means, as Optiq reads it."""
        from optiq.ads.connections.upload_contracts import PlatformError, Upload
        from optiq.ads.platforms.registry import get_platform, uploading
        from optiq.feedback.showing.conversions import nobody
        from optiq.feedback.vendors.registry import vendors
        from optiq.feedback.vendors.writing import not_taken

        vendor = vendors()[self.destination.platform]
        frame = vendor.frame(self.destination, test=True)
        body = frame.body([vendor.event(self.destination, one, nobody()) for one in events])
        platform = uploading(get_platform(self.destination.platform))
        try:
            answered = platform.upload(self.access, Upload("POST", frame.path, body))
        except PlatformError as error:
            return not_taken(error.verdict)
        return vendor.read(answered, len(events))


def _event(destination: "Destination", event_id: str, occurred_ms: int) -> "Told":
    from optiq.feedback.vendors.contract import Told

    return Told(destination.events[0].told_as, event_id, event_id, occurred_ms, 1_000_000, "EUR")


def _said(answer: "Answer") -> str:
    named = f", named {dict(answer.refused)}" if answer.refused else ""
    return f"{answer.outcome} {answer.code}".strip() + named


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
