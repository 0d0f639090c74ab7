"""TikTok's Events API: `POST event/track/`, HTTP 200 with a code (design: ads.md, section 1.5)."""

import json

from optiq.ads.connections.upload_contracts import Answered
from optiq.ads.connections.upload_contracts import classify_tiktok as classify
from optiq.feedback.destinations.contracts import Destination, Platform
from optiq.feedback.vendors.contract import Answer, Frame, Matched, Rules, Told
from optiq.feedback.vendors.writing import amount, json_of, named, not_taken
from optiq.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS

_PARTLY, _DATA = "20001", ("40002", "40062")
"""Some of it was not taken; and what is in it was refused."""


class TikTok:
    platform: Platform = "TIKTOK"
    title = "TikTok"
    rules = Rules(most=1_000, oldest_ms=7 * DAY_MS - HOUR_MS, resend_ms=47 * HOUR_MS)
    clicks = ("ttclid",)

    def found_by(self, matched: Matched) -> tuple[str, ...]:
        tiktok, click = matched.keys.tiktok, matched.click_ids.get("ttclid")
        return named(
            email=tiktok.email, phone=tiktok.phone, customer=tiktok.external_id, click=click, browser=tiktok.ttp
        )

    def lacks(self, _: Told, __: Matched) -> str:
        """Nothing: one of the keys is enough."""
        return ""

    def event(self, destination: Destination, told: Told, matched: Matched) -> str:
        keys, tiktok = matched.keys, matched.keys.tiktok
        return json_of(
            {
                "event": told.told_as,
                "event_time": told.occurred_ms // SECOND_MS,
                # A number is refused, whatever it looks like.
                "event_id": told.vendor_id,
                "user": {
                    **{name: list(getattr(tiktok, name)) for name in ("email", "phone", "external_id")},
                    "ttclid": matched.click_ids.get("ttclid", ""),
                    "ttp": tiktok.ttp,
                    "ip": keys.ip,
                    "user_agent": keys.user_agent,
                },
                "properties": {
                    "currency": told.currency,
                    "value": amount(told.value_micros) if told.currency else None,
                    "order_id": told.order_id,
                },
                "page": {"url": keys.page_url},
                "limited_data_use": True if destination.limited_use else None,
            }
        )

    def frame(self, destination: Destination, *, test: bool = False) -> Frame:
        code = f'"test_event_code":{json.dumps(destination.test_code)},' if test else ""
        head = f'{{"event_source":"web","event_source_id":{json.dumps(destination.target)},{code}"data":['
        return Frame("event/track/", head, "]}")

    def read(self, answered: Answered, size: int) -> Answer:
        verdict = classify(answered)
        body = answered.body if isinstance(answered.body, dict) else {}
        trace = str(body.get("request_id", ""))
        if verdict is None:
            return Answer("ACCEPTED", trace=trace)
        if verdict.code == _PARTLY:
            return Answer("PARTIAL", _PARTLY, trace, refused=_named(body.get("data"), size))
        if verdict.code in _DATA:
            return Answer("REFUSED", verdict.code, trace)
        return not_taken(verdict, trace)


def _named(data: object, size: int) -> dict[int, str]:
    """The events that were not taken, where TikTok says which; the shape of this is not documented."""
    failed = data.get("failed_events") if isinstance(data, dict) else None
    places = [one.get("order_in_batch") for one in failed or () if isinstance(one, dict)]
    return {place: _PARTLY for place in places if isinstance(place, int) and 0 <= place < size}


VENDOR = TikTok()
