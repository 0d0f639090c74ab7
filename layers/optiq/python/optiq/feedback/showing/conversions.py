"""What was told of one conversion, and what people may do about it: send it again, and try a destination out."""

from dataclasses import replace

from optiq.ads.connections.upload_contracts import Upload
from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.feedback import reasons
from optiq.feedback.destinations.api import get_destination
from optiq.feedback.destinations.silence import silent_because
from optiq.feedback.destinations.stores import DESTINATIONS
from optiq.feedback.match_keys.contracts import GoogleKeys, MatchKeys, MetaKeys, TikTokKeys
from optiq.feedback.outbox.adding import CLICK_DAYS, last_click
from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.outbox.stores import ENTRIES, of_conversion
from optiq.feedback.sending.working import Worker
from optiq.feedback.showing.contracts import TestEvent, ToldConversion
from optiq.feedback.vendors.contract import Answer, Matched, Told
from optiq.feedback.vendors.registry import vendors
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import digest_of
from optiq.tenancy import api as tenancy

_AGAIN = ("UNKNOWN", "REJECTED")
_TEST_MICROS, _TEST_EMAIL = 1_000_000, "test@example.com"


def of(caller: Caller, site_id: str, conversion_id: str) -> list[ToldConversion]:
    """What each destination was or is to be told of a conversion, archived ones too. Raises NotFoundError."""
    conversion = journeys.get_conversion(caller.organization_id, site_id, conversion_id)
    found: list[ToldConversion] = []
    for destination in DESTINATIONS.all_of(caller.organization_id, site_id):
        where = (caller.organization_id, site_id, destination.destination_id)
        title = vendors()[destination.platform].title
        for entry in of_conversion(*where, conversion.conversion_id):
            words = reasons.in_words(entry.reason, title)
            found.append(ToldConversion(destination.destination_id, destination.name, entry, words))
    return found


def send_again(
    caller: Caller, site_id: str, conversion_id: str, destination_id: str, *, clock: Clock = system_clock
) -> Entry:
    """Lets what is UNKNOWN or REJECTED be sent once more, because a person says so: a platform may count it twice.

    Raises:
        NotFoundError: there is no such conversion or destination, or it was told nothing of it.
        ConflictError: the last thing that was told is neither UNKNOWN nor REJECTED; or nothing is told there now.
    """
    destination = get_destination(caller, site_id, destination_id)
    if because := silent_because(caller, destination):
        raise ConflictError(f"nothing can be sent again: {because}")
    entries = of_conversion(caller.organization_id, site_id, destination_id, conversion_id)
    if not entries:
        raise NotFoundError("the destination was told nothing of this conversion")
    # A refund that the platform takes no word of changes what it is told, and is nothing that was sent.
    last = next((one for one in reversed(entries) if one.status != "SKIPPED"), entries[-1])
    if last.status not in _AGAIN:
        raise ConflictError(f"it is {last.status}: only what is UNKNOWN or REJECTED can be sent again")
    paths = journeys.conversion_paths(caller.organization_id, site_id, [conversion_id], CLICK_DAYS)
    click_ids, clicked_ms = last_click(paths[0], destination) if paths else ((), 0)
    after = replace(
        last,
        status="PENDING",
        reason="",
        over=False,
        due_ms=clock(),
        batch_id="",
        value_micros=entries[-1].value_micros,
        told_micros=entries[-1].told_micros,
        click_ids=click_ids,
        clicked_ms=clicked_ms,
    )
    after, transaction = ENTRIES.changing(caller, last, after, action="feedback_entry.sent_again")
    transaction.commit()
    return after


def send_test(caller: Caller, site_id: str, destination_id: str, *, clock: Clock = system_clock) -> TestEvent:
    """Sends an event of nobody to the platform's test tool; Google only looks whether it is right. It counts nowhere.

    Raises:
        NotFoundError: there is no such destination. InvalidError: Meta and TikTok need a test code.
    """
    destination, now_ms = get_destination(caller, site_id, destination_id), clock()
    vendor = vendors()[destination.platform]
    if not destination.test_code and destination.platform != "GOOGLE_ADS":
        raise InvalidError(f"test_code: enter the code that {vendor.title}'s test tool shows, then send the test")
    currency = tenancy.get_site(caller.organization_id, site_id).currency
    event_id = new_id("test", now_ms)
    told = Told(destination.events[0].told_as, event_id, event_id, now_ms, _TEST_MICROS, currency)
    frame = vendor.frame(destination, test=True)
    body = frame.body([vendor.event(destination, told, nobody())])
    answered = Worker(destination, clock).ask(Upload("POST", frame.path, body))
    answer = answered if isinstance(answered, Answer) else vendor.read(answered, 1)
    outcome = {"outcome": answer.outcome, "code": answer.code}
    ids = (caller.organization_id, caller.actor, "feedback_destination.tested", destination_id)
    audit.commit((), (Change(*ids, {}, outcome, caller.origin),))
    return TestEvent(answer.outcome, answer.code, answer.trace)


def nobody() -> Matched:
    """Whom no platform knows, for test events."""
    hashed = (digest_of(_TEST_EMAIL),)
    keys = MatchKeys(
        google=GoogleKeys(emails=hashed),
        meta=MetaKeys(em=hashed),
        tiktok=TikTokKeys(email=hashed),
        user_agent="Optiq",
        page_url="https://example.com/",
    )
    return Matched(keys, ad_personalization=True)
