"""What people get of an alert: a sentence in the console and by mail, each once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from optiq.alerts import api as alerts
from optiq.alerts.judging.contracts import Condition
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.rules.stores import RULES
from optiq.alerts.telling import api as telling
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError
from optiq.notifications.inbox import api as inbox
from optiq.ports import wiring
from optiq.ports.mail import Mail
from optiq.tenancy.members import api as members

from tests.functional.alerts.telling import deliver, mails_of, send
from tests.functional.alerts.watching import TUESDAY, Watched
from tests.functional.identity.people import Someone
from tests.functional.sharing.mailing import Carrier, refusing

DAY = timedelta(days=1)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    found = Carrier(wiring.mailer())
    monkeypatch.setattr(wiring, "mailer", lambda: found)
    return found


@pytest.fixture(autouse=True)
def _sent(carrier: Carrier, ann: Someone) -> None:
    """Forgets the invitation."""
    carrier.taken.clear()


@pytest.fixture
def ann(watched: Watched) -> Someone:
    """A viewer who gets the site's alerts."""
    ann = watched.company.hire("VIEWER")
    alerts.set_alert_settings(watched.company.actor(), watched.site_id, members=[ann.user_id])
    return ann


def caller_of(watched: Watched, someone: Someone) -> Caller:
    return replace(watched.company.actor("VIEWER"), actor=someone.user_id, user_id=someone.user_id)


def test_a_bad_tuesday_is_told_in_one_sentence(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule(name="Orders")
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)

    (mail,) = carrier.to(ann)
    (notice,) = inbox.list_notices(caller_of(watched, ann)).items
    sentence = "Conversions on Tuesday, 24 November were 52; 100 are usual"
    assert (mail.subject, notice.title) == (sentence, sentence)
    assert "Orders" in mail.text
    assert watched.alert.alert_id in notice.url
    assert notice.url in mail.text


def test_the_same_notice_is_delivered_once(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    for _ in range(3):
        deliver(watched)

    assert len(carrier.to(ann)) == 1
    assert inbox.unread(caller_of(watched, ann)).total == 1


def test_a_mail_that_the_carrier_did_not_take_is_sent_later(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    carrier.before = refusing
    deliver(watched)
    assert not carrier.to(ann)
    carrier.before = lambda _: None
    for _ in range(2):
        send(10)

    assert len(carrier.to(ann)) == 1
    assert inbox.unread(caller_of(watched, ann)).total == 1


def test_the_end_says_why(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)
    watched.go_on(TUESDAY + DAY, conversions=98)
    deliver(watched)

    subjects = [mail.subject for mail in carrier.to(ann)]
    assert subjects == [
        "Conversions on Tuesday, 24 November were 52; 100 are usual",
        "Over: Conversions on Tuesday, 24 November were 52; 100 are usual",
    ]
    assert "back to usual" in carrier.to(ann)[-1].text


def test_a_shared_mailbox_gets_mail_and_a_member_of_that_address_gets_one(
    watched: Watched, carrier: Carrier, ann: Someone
) -> None:
    addresses = [ann.address.upper(), "alerts@shop.example"]
    alerts.set_alert_settings(watched.company.actor(), watched.site_id, members=[ann.user_id], addresses=addresses)
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)

    assert sorted(mail.to for mail in mails_of(watched, carrier)) == sorted([ann.address, "alerts@shop.example"])


def test_who_left_gets_nothing(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    members.remove_member(watched.company.actor(), ann.user_id)
    deliver(watched)

    assert not mails_of(watched, carrier)


def test_who_made_the_rule_is_told_where_nobody_else_is_named(watched: Watched, carrier: Carrier) -> None:
    alerts.set_alert_settings(watched.company.actor(), watched.site_id)
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)

    assert [mail.to for mail in mails_of(watched, carrier)] == [watched.company.owner.address]


@pytest.mark.parametrize("made_by", ["key_1", "user_who_left"])
def test_the_owners_are_told_where_nobody_is_named_and_no_member_made_the_rule(
    watched: Watched, carrier: Carrier, made_by: str
) -> None:
    alerts.set_alert_settings(watched.company.actor(), watched.site_id)
    key = replace(Caller.system(watched.company.organization_id), actor=made_by)
    RULES.add(key, replace(watched.rule(), rule_id=f"rule_of_{made_by}", owner_id=made_by, name="Of a key"))
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)

    assert {mail.to for mail in mails_of(watched, carrier)} == {watched.company.owner.address}
    assert len(mails_of(watched, carrier)) == 2


def test_an_inbox_is_read_by_its_person_alone(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)
    own, other = caller_of(watched, ann), watched.company.actor()
    (notice,) = inbox.list_notices(own).items

    assert inbox.mark_read(other, [notice.notice_id]) == 0
    assert inbox.mark_read(own, [notice.notice_id, "notice_unknown", "", "1" * 5_000, "notice_\x00"]) == 1
    assert inbox.mark_read(own, [notice.notice_id]) == 0
    assert inbox.unread(own).total == 0
    with pytest.raises(ForbiddenError):
        inbox.list_notices(Caller.system(watched.company.organization_id))


@pytest.mark.parametrize(
    ("kind", "settings", "days", "title"),
    [
        (
            "SPEND_THRESHOLD",
            {"spend_micros": 500_000_000},
            [{"spend": 510.0}],
            "Spend on Tuesday, 24 November is 510.00 EUR; the threshold is 500.00 EUR",
        ),
        (
            "CPA_SPIKE",
            {},
            [{"spend": 300.0, "conversions": 10.0}] * 3,
            "A conversion cost 30.00 EUR in the 3 days up to Tuesday, 24 November; 10.00 EUR is usual",
        ),
        (
            "CUSTOM",
            {"conditions": (Condition("visits", "BELOW", 50),)},
            [{"visits": 20.0}],
            "Visits on Tuesday, 24 November: 20; the bound is 50",
        ),
    ],
)
def test_every_kind_has_its_sentence(
    watched: Watched, kind: str, settings: dict[str, object], days: list[dict[str, float]], title: str
) -> None:
    watched.history(8, conversions=(10, 10), spend=(100, 100), visits=(80, 80))
    watched.rule(kind, **settings)
    first = TUESDAY - (len(days) - 1) * DAY
    for place, values in enumerate(days):
        watched.on(first + place * DAY, **values)
    watched.at(TUESDAY, hours=20) if kind == "SPEND_THRESHOLD" else watched.at(TUESDAY + DAY, hours=7)
    watched.sweep()

    (told,) = telling.told(watched.caller, watched.site_id, watched.alerts)
    assert told.title.replace("\u00a0", " ") == title


def test_a_mails_subject_has_no_words_of_users(watched: Watched, carrier: Carrier, ann: Someone) -> None:
    watched.rule(name="Visit https://evil.example now")
    watched.go_on(TUESDAY, conversions=52)
    deliver(watched)
    mail: Mail = carrier.to(ann)[0]

    assert "evil" not in mail.subject
    assert "https://evil.example" not in mail.text


def test_an_alert_of_another_site_is_not_there(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    other = Watched(watched.company)

    assert lifecycle.list_alerts(watched.caller, other.site_id).items == ()
