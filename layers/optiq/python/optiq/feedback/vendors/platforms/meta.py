"""Meta's Conversions API: `POST /{dataset}/events`, all of a request or nothing (design: ads.md, section 1.4)."""

import json

from optiq.ads.connections.upload_contracts import Answered
from optiq.ads.connections.upload_contracts import classify_meta as classify
from optiq.collect.match_keys.api import fbc_of
from optiq.feedback.destinations.contracts import Destination, Platform
from optiq.feedback.reasons import NO_BROWSER, NO_VALUE
from optiq.feedback.vendors.contract import Answer, Frame, Matched, Rules, Told
from optiq.feedback.vendors.writing import amount, json_of, named, not_taken
from optiq.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS

_DATA = "100"
"""The code of errors that name what is in an event. Others name who asks, or Meta itself."""
_AGAIN = "21009"
_PURCHASE = "Purchase"
_LIMITED = {
    "data_processing_options": ["LDU"],
    "data_processing_options_country": 0,
    "data_processing_options_state": 0,
}
"""Limited data use, of whatever state Meta finds the person in."""


class Meta:
    platform: Platform = "META"
    title = "Meta"
    rules = Rules(most=1_000, oldest_ms=7 * DAY_MS - HOUR_MS, resend_ms=47 * HOUR_MS)
    clicks = ("fbclid",)

    def found_by(self, matched: Matched) -> tuple[str, ...]:
        meta = matched.keys.meta
        return named(email=meta.em, phone=meta.ph, customer=meta.external_id, click=_fbc(matched), browser=meta.fbp)

    def lacks(self, told: Told, matched: Matched) -> str:
        """An event of a website needs the browser and the page; a purchase needs a value."""
        if not (matched.keys.user_agent and matched.keys.page_url):
            return NO_BROWSER
        return NO_VALUE if told.told_as == _PURCHASE and not (told.value_micros and told.currency) else ""

    def event(self, destination: Destination, told: Told, matched: Matched) -> str:
        keys, meta = matched.keys, matched.keys.meta
        user = {
            **{name: list(getattr(meta, name)) for name in ("em", "ph", "external_id")},
            **{name: [getattr(meta, name)] for name in ("fn", "ln", "ct", "st", "zp", "country")},
            "client_ip_address": keys.ip,
            "client_user_agent": keys.user_agent,
            "fbc": _fbc(matched),
            "fbp": meta.fbp,
        }
        return json_of(
            {
                "event_name": told.told_as,
                "event_time": told.occurred_ms // SECOND_MS,
                "event_id": told.vendor_id,
                "action_source": "website",
                "event_source_url": keys.page_url,
                "user_data": user,
                "custom_data": {
                    "value": amount(told.value_micros) if told.currency else None,
                    "currency": told.currency,
                    "order_id": told.order_id,
                },
                **(_LIMITED if destination.limited_use else {}),
            }
        )

    def frame(self, destination: Destination, *, test: bool = False) -> Frame:
        tail = f',"test_event_code":{json.dumps(destination.test_code)}}}' if test else "}"
        return Frame(f"/{destination.target}/events", '{"data":[', f"]{tail}")

    def read(self, answered: Answered, _: int) -> Answer:
        body = answered.body if isinstance(answered.body, dict) else {}
        error = body.get("error")
        trace = str((error if isinstance(error, dict) else body).get("fbtrace_id", ""))
        verdict = classify(answered)
        if verdict is None:
            return Answer("ACCEPTED", trace=trace)
        if _AGAIN in verdict.code:
            return Answer("RETRY", verdict.code, trace)
        if verdict.code.partition("/")[0] == _DATA and verdict.outcome == "PERMANENT":
            return Answer("REFUSED", verdict.code, trace)
        return not_taken(verdict, trace)


def _fbc(matched: Matched) -> str:
    """The browser's own cookie byte for byte, else what it would have been: the click id with the click's instant."""
    return matched.keys.meta.fbc or fbc_of(matched.clicked_ms, matched.click_ids.get("fbclid", ""))


VENDOR = Meta()
