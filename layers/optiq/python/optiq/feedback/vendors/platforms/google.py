"""Google's Data Manager API: `POST /v1/events:ingest` (design: ads.md, section 1.2).

One event that lacks something refuses its request. What became of a request that was accepted is counted later, by
reason and not by event, so requests are small: of 64 events, which are then sent again by eight and one by one.
"""

import re
from collections import Counter

from optiq.ads.connections.upload_contracts import Answered, Json, by_status
from optiq.feedback.destinations.contracts import Destination, Platform
from optiq.feedback.vendors.contract import Answer, Confirmation, Frame, Matched, Rules, Told
from optiq.feedback.vendors.writing import amount, json_of, named, not_taken
from optiq.kernel.clock import DAY_MS, HOUR_MS, to_rfc3339

_PLACE = re.compile(r"events\.events\[(\d+)\]\.(?!destination_references)")
"""The field of an event. What is wrong with its destination is wrong with all of them, and not with the event."""
_REASON = "PROCESSING_ERROR_REASON_"
_DELIVERED = ("DUPLICATE_TRANSACTION_ID", "DUPLICATE_GCLID")
_WAITS = {"INTERNAL_ERROR": HOUR_MS // 1000, "TOO_RECENT_CLICK": 6 * HOUR_MS // 1000}
_CLICK_IDS = ("gclid", "gbraid", "wbraid")
_THROTTLED, _OF_GOOGLE = 429, 500
_MOST_IDENTIFIERS = 10


class Google:
    platform: Platform = "GOOGLE_ADS"
    title = "Google"
    rules = Rules(most=64, oldest_ms=90 * DAY_MS, resend_ms=None, groups=(8, 1), changes=True, confirms=True)
    clicks = _CLICK_IDS

    def found_by(self, matched: Matched) -> tuple[str, ...]:
        google, click = matched.keys.google, any(matched.click_ids.get(name) for name in _CLICK_IDS)
        return named(email=google.emails, phone=google.phones, address=_address(matched), click=click)

    def lacks(self, _: Told, __: Matched) -> str:
        """Nothing: one of the keys is enough."""
        return ""

    def event(self, _: Destination, told: Told, matched: Matched) -> str:
        personalization = "CONSENT_GRANTED" if matched.ad_personalization else "CONSENT_DENIED"
        click = next(((name, value) for name in _CLICK_IDS if (value := matched.click_ids.get(name))), None)
        return json_of(
            {
                "destinationReferences": [told.told_as],
                "transactionId": told.vendor_id,
                "eventTimestamp": to_rfc3339(told.occurred_ms),
                "lastUpdatedTimestamp": to_rfc3339(told.changed_ms) if told.changed_ms else "",
                "adIdentifiers": dict([click]) if click else {},
                "userData": {"userIdentifiers": _identifiers(matched)},
                "consent": {"adUserData": "CONSENT_GRANTED", "adPersonalization": personalization},
                "currency": told.currency,
                "conversionValue": amount(told.value_micros),
                "eventSource": "WEB",
            }
        )

    def frame(self, destination: Destination, *, test: bool = False) -> Frame:
        actions = dict.fromkeys(one.told_as for one in destination.events)
        listed = [json_of(_destination(destination, action)) for action in actions]
        validating = ',"validateOnly":true' if test else ""
        return Frame(
            "/v1/events:ingest", f'{{"destinations":[{",".join(listed)}],"encoding":"HEX"{validating},"events":[', "]}"
        )

    def read(self, answered: Answered, size: int) -> Answer:
        body = answered.body if isinstance(answered.body, dict) else {}
        if answered.status < 400:
            return Answer("ACCEPTED", trace=str(body.get("requestId", "")))
        found = body.get("error")
        error: dict[str, Json] = found if isinstance(found, dict) else {}
        details = [one for one in error.get("details", ()) if isinstance(one, dict)]
        trace = next((str(one["requestId"]) for one in details if "requestId" in one), "")
        verdict = by_status(answered.status, str(error.get("status", "")))
        if answered.status == _THROTTLED:
            return Answer("WAIT", verdict.code, trace, verdict.wait_seconds)
        if answered.status >= _OF_GOOGLE:
            return not_taken(verdict, trace)
        violations = [one for detail in details for one in detail.get("fieldViolations", ())]
        refused = _refused(violations, size)
        if refused:
            return Answer("REFUSED", verdict.code, trace, refused=refused)
        code = next((str(one["reason"]) for one in violations if one.get("reason")), verdict.code)
        return Answer("WAIT", code, trace)

    def status_path(self, trace: str) -> str:
        return f"/v1/requestStatus:retrieve?requestId={trace}"

    def read_status(self, answered: Answered) -> Confirmation:
        body = answered.body if isinstance(answered.body, dict) else {}
        found = body.get("requestStatusPerDestination") or ()
        states = {str(one.get("requestStatus", "")) for one in found}
        if answered.status >= 400 or not states or not states <= {"SUCCESS", "PARTIAL_SUCCESS", "FAILED"}:
            return Confirmation("PROCESSING")
        failed: Counter[str] = Counter()
        for one in found:
            for counted in one.get("errorInfo", {}).get("errorCounts", ()):
                reason = str(counted.get("reason", "")).removeprefix(_REASON)
                if reason not in _DELIVERED:
                    failed[reason] += int(counted.get("recordCount", 0))
        return Confirmation("DONE", failed)

    def wait_of(self, reason: str) -> int | None:
        return _WAITS.get(reason)


def _destination(destination: Destination, action: str) -> dict[str, Json]:
    login = destination.login_id
    return {
        "reference": action,
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": destination.target},
        "loginAccount": {"accountType": "GOOGLE_ADS", "accountId": login} if login else {},
        "productDestinationId": action,
    }


def _identifiers(matched: Matched) -> list[dict[str, Json]]:
    google = matched.keys.google
    found: list[dict[str, Json]] = [{"emailAddress": one} for one in google.emails]
    found += [{"phoneNumber": one} for one in google.phones]
    if address := _address(matched):
        found.append({"address": address})
    return found[:_MOST_IDENTIFIERS]


def _address(matched: Matched) -> dict[str, str]:
    """Google takes an address only with all of the name, the postal code and the country."""
    google = matched.keys.google
    found = {
        "givenName": google.given_name,
        "familyName": google.family_name,
        "postalCode": google.postal_code,
        "regionCode": google.country,
    }
    return found if all(found.values()) else {}


def _refused(violations: list[Json], size: int) -> dict[int, str]:
    """The events that lack something, by their places."""
    found: dict[int, str] = {}
    for one in violations:
        place = _PLACE.match(str(one.get("field", "")))
        if place and int(place[1]) < size:
            found[int(place[1])] = str(one.get("reason") or "INVALID_ARGUMENT")
    return found


VENDOR = Google()
