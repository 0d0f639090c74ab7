"""Match keys from the stream to whoever sends them: kept as the site wants, for so long, and erased for good."""

from optiq.collect.match_keys.captured import seal
from optiq.collect.match_keys.finding import Person
from optiq.collect.match_keys.hashing import packed
from optiq.feedback.match_keys import api as match_keys
from optiq.feedback.match_keys import keys
from optiq.feedback.match_keys.contracts import Match, MatchKeys, MetaKeys
from optiq.feedback.match_keys.records import MatchKeysRecord
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.events import MatchKeysTaken
from optiq.kernel.table_ending import remove_ended
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite


def with_feedback(site: NewSite, days: int = 8) -> NewSite:
    caller = tenancy.operator(site.site.organization_id)
    tenancy.change_site(caller, site.site.site_id, {"conversion_feedback": "ON", "match_key_days": days})
    return site


def taken(site: NewSite, event_id: str = "e1", *, at_ms: int | None = None, digest: str = "d1") -> MatchKeysTaken:
    ids = (site.site.organization_id, site.site.site_id)
    return MatchKeysTaken(
        organization_id=ids[0],
        site_id=ids[1],
        event_id=event_id,
        subject="DEVICE",
        goal=True,
        contact=True,
        received_ms=system_clock() if at_ms is None else at_ms,
        digest=digest,
        sealed=seal(*ids, event_id, {"email": packed("jane@shop.example")}),
    )


def items(site: NewSite) -> list[MatchKeysRecord]:
    pk = keys.of_person(site.site.organization_id, site.site.site_id, "DEVICE").pk
    return list(MatchKeysRecord.query(pk, consistent_read=True))


def test_keys_are_kept_only_where_the_site_has_feedback_on(site: NewSite) -> None:
    match_keys.take([taken(site)])
    assert items(site) == []

    match_keys.take([taken(with_feedback(site))])
    assert len(items(site)) == 2


def test_keys_taken_again_change_nothing(site: NewSite) -> None:
    message = taken(with_feedback(site))
    match_keys.take([message])
    before = [item.serialize() for item in items(site)]

    match_keys.take([message.model_copy(update={"sealed": "another", "received_ms": message.received_ms + 1})])

    assert [item.serialize() for item in items(site)] == before


def test_keys_end_with_the_days_of_their_site(site: NewSite) -> None:
    now_ms = system_clock()
    match_keys.take([taken(with_feedback(site, days=3), at_ms=now_ms - 3 * DAY_MS - 1_000), taken(site, "e2")])

    remove_ended(now_ms)

    assert {item.event_id for item in items(site)} == {"e2"}


def test_erased_keys_do_not_come_back(site: NewSite) -> None:
    ids = (site.site.organization_id, site.site.site_id)
    early = taken(with_feedback(site))
    match_keys.take([early])
    assert match_keys.count(*ids, ["DEVICE"]) == 2

    assert match_keys.erase(*ids, ["DEVICE"]) == 2
    match_keys.take([early, taken(site, "e2", at_ms=early.received_ms - 1, digest="d2")])

    assert match_keys.count(*ids, ["DEVICE"]) == 0
    assert early.sealed not in str([item.serialize() for item in items(site)])


def test_erasure_is_remembered_when_the_visitor_has_new_keys(site: NewSite) -> None:
    ids = (site.site.organization_id, site.site.site_id)
    early = taken(with_feedback(site))
    match_keys.erase(*ids, ["DEVICE"])
    match_keys.take([taken(site, "e2", at_ms=system_clock() + 1_000, digest="d2")])

    match_keys.take([early])

    assert {item.event_id for item in items(site)} == {"e2"}


def test_keys_are_in_no_text_of_what_holds_them(site: NewSite) -> None:
    keys_of = MatchKeys(meta=MetaKeys(em=("ab" * 32,)), ip="203.0.113.9")
    held = (keys_of, keys_of.meta, Person({"email": "jane@shop.example"}), Match("GRANTED", "GRANTED", keys=keys_of))
    assert not any(text in repr(one) for one in held for text in ("abab", "203.0", "jane"))
