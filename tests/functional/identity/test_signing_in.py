"""Signing up and in: what proves who one is, and what does not."""

import dataclasses

import pytest
from optiq.audit import api as audit
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.identity.people.contracts import SecondFactorNeeded, SignedIn
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError

from tests.functional.identity.people import (
    FIREFOX,
    PASSWORD,
    Someone,
    in_organization,
    new_address,
    new_client,
    newest_link,
    newest_text,
    refused,
    templates_to,
)

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process remembers of sessions is a matter of its own tests."""
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def ann() -> Someone:
    return Someone()


def _sign_in(someone: Someone, password: str = PASSWORD, **client: str) -> object:
    return people.sign_in(someone.address, password, dataclasses.replace(someone.client, **client), someone.clock)


def test_signing_up_makes_an_account_once_the_address_is_confirmed(ann: Someone) -> None:
    profile = people.profile(ann.person)

    assert (profile.email, profile.name, profile.has_password, profile.two_factor) == (
        ann.address,
        "Ann Example",
        True,
        False,
    )
    assert templates_to(ann.address) == ["VERIFY_ADDRESS"]
    assert [entry.change.action for entry in audit.entries(ann.user_id).items] == ["session.started", "user.created"]


def test_before_that_nobody_can_sign_in() -> None:
    address, client = new_address(), new_client()
    people.sign_up(address, "Eve", PASSWORD, client)

    refused(UnauthenticatedError, lambda: people.sign_in(address, PASSWORD, client))


def test_the_link_of_a_sign_up_opens_nothing_without_its_password() -> None:
    """Somebody signs up with the address of another, who opens the link."""
    address, victim = new_address(), new_client()
    people.sign_up(address, "Eve", "known to eve alone!", new_client())

    refused(UnauthenticatedError, lambda: people.verify_email(newest_link(address), "what the victim types", victim))

    # The victim signs up, and has the account alone.
    people.sign_up(address, "Victim", PASSWORD, victim)
    assert people.verify_email(newest_link(address), PASSWORD, victim).user.name == "Victim"
    refused(UnauthenticatedError, lambda: people.sign_in(address, "known to eve alone!", new_client()))


def test_of_two_sign_ups_with_one_address_only_one_becomes_an_account() -> None:
    address, client = new_address(), new_client()
    people.sign_up(address, "First", PASSWORD, client)
    first = newest_link(address)
    people.sign_up(address, "Second", PASSWORD, client)

    people.verify_email(first, PASSWORD, client)

    refused(UnauthenticatedError, lambda: people.verify_email(newest_link(address), PASSWORD, client))
    refused(UnauthenticatedError, lambda: people.verify_email(first, PASSWORD, client))


def test_links_end(ann: Someone) -> None:
    other = new_address()
    people.sign_up(other, "Bob", PASSWORD, ann.client, ann.clock)
    sign_up = newest_link(other)
    people.request_magic_link(ann.address, ann.client, ann.clock)
    magic = newest_link(ann.address)
    people.request_password_reset(ann.address, ann.client, ann.clock)
    reset = newest_link(ann.address)

    ann.clock.pass_seconds(15 * 60)
    refused(UnauthenticatedError, lambda: people.redeem_magic_link(magic, ann.client, ann.clock))
    ann.clock.pass_seconds(15 * 60)
    refused(UnauthenticatedError, lambda: people.reset_password(reset, "another long password", ann.client, ann.clock))
    ann.clock.pass_seconds(24 * 3600)
    refused(UnauthenticatedError, lambda: people.verify_email(sign_up, PASSWORD, ann.client, ann.clock))


def test_a_link_is_good_for_its_own_purpose_only(ann: Someone) -> None:
    people.request_magic_link(ann.address, ann.client, ann.clock)
    magic = newest_link(ann.address)

    refused(UnauthenticatedError, lambda: people.reset_password(magic, "another long password", ann.client))
    refused(UnauthenticatedError, lambda: people.verify_email(magic, PASSWORD, ann.client))
    refused(UnauthenticatedError, lambda: people.second_factor(magic, "000000", ann.client))


def test_the_right_password_begins_a_session(ann: Someone) -> None:
    signed_in = _sign_in(ann)

    assert isinstance(signed_in, SignedIn)
    assert signed_in.secret.startswith("os_")
    assert signed_in.secret != ann.signed_in.secret
    assert people.admit(signed_in.secret).user_id == ann.user_id


def test_a_sign_in_ends_the_session_that_the_browser_was_in_before(ann: Someone) -> None:
    # Given Ann in her browser, and in another one
    elsewhere = _sign_in(ann, session_secret="")
    assert isinstance(elsewhere, SignedIn)

    # When Ben signs in in hers
    ben = Someone()
    assert isinstance(_sign_in(ben, session_secret=ann.signed_in.secret), SignedIn)

    # Then she is out there, as her book says, and nowhere else
    refused(UnauthenticatedError, lambda: people.admit(ann.signed_in.secret))
    assert people.admit(elsewhere.secret).user_id == ann.user_id
    assert audit.entries(ann.user_id).items[0].change.action == "session.ended"


@pytest.mark.parametrize("secret", ["", "os_of nobody", "pk_x"])
def test_what_is_no_session_ends_none(ann: Someone, secret: str) -> None:
    assert isinstance(_sign_in(ann, session_secret=secret), SignedIn)
    assert people.admit(ann.signed_in.secret).user_id == ann.user_id


def test_any_spelling_of_the_address_signs_in(ann: Someone) -> None:
    assert isinstance(people.sign_in(f" {ann.address.upper()} ", PASSWORD, ann.client, ann.clock), SignedIn)


@pytest.mark.parametrize(
    "password", ["", PASSWORD + " ", PASSWORD.upper(), "x" * 2_000, "\ud800" * 20, PASSWORD + "\0"]
)
def test_any_other_password_does_not(ann: Someone, password: str) -> None:
    refused(UnauthenticatedError, lambda: _sign_in(ann, password))


def test_no_byte_of_a_password_is_cut_off() -> None:
    someone = Someone(password="ä" * 500 + "the end")

    assert isinstance(_sign_in(someone, someone.password), SignedIn)
    refused(UnauthenticatedError, lambda: _sign_in(someone, "ä" * 500 + "the enD"))


def test_a_new_device_is_told_of_and_a_known_one_is_not(ann: Someone) -> None:
    _sign_in(ann)
    assert "NEW_DEVICE" not in templates_to(ann.address)

    _sign_in(ann, device_token="")
    _sign_in(ann, device_token=Someone().client.device_token)

    assert templates_to(ann.address) == ["VERIFY_ADDRESS", "NEW_DEVICE", "NEW_DEVICE"]


def test_a_magic_link_works_once(ann: Someone) -> None:
    people.request_magic_link(ann.address, ann.client, ann.clock)
    link = newest_link(ann.address)

    assert isinstance(people.redeem_magic_link(link, ann.client, ann.clock), SignedIn)
    refused(UnauthenticatedError, lambda: people.redeem_magic_link(link, ann.client, ann.clock))


def test_a_forgotten_password_is_replaced_by_mail_and_every_session_ends(ann: Someone) -> None:
    old = ann.signed_in.secret
    people.request_magic_link(ann.address, ann.client, ann.clock)
    magic = newest_link(ann.address)
    people.request_password_reset(ann.address, ann.client, ann.clock)
    link = newest_link(ann.address)

    people.reset_password(link, "another long password", ann.client, ann.clock)

    refused(UnauthenticatedError, lambda: people.admit(old))
    refused(UnauthenticatedError, lambda: _sign_in(ann))
    # Older links have ended too.
    refused(UnauthenticatedError, lambda: people.redeem_magic_link(magic, ann.client, ann.clock))
    refused(UnauthenticatedError, lambda: people.reset_password(link, "yet another password", ann.client, ann.clock))
    assert isinstance(_sign_in(ann, "another long password"), SignedIn)
    assert templates_to(ann.address)[-1] == "SECURITY_NOTICE"


def test_api_keys_outlive_a_password_and_the_mail_says_so(ann: Someone) -> None:
    key = people.create_key(in_organization(ann.person), "dashboards", ["reports:read"], ann.client)

    ann.enter(people.change_password(ann.person, PASSWORD, "a second long password", ann.client, ann.clock))
    changed = newest_text(ann.address)
    people.request_password_reset(ann.address, ann.client, ann.clock)
    people.reset_password(newest_link(ann.address), "another long password", ann.client, ann.clock)
    reset = newest_text(ann.address)

    assert people.admit(key.secret).user_id == ann.user_id
    for told in (changed, reset):
        assert "API keys and linked accounts at Google or GitHub still work" in " ".join(told.split())
        assert "/console/account" in told


def test_a_reset_does_not_pass_by_the_second_factor(ann: Someone) -> None:
    ann.turn_on_two_factor()
    people.request_password_reset(ann.address, ann.client, ann.clock)
    people.reset_password(newest_link(ann.address), "another long password", ann.client, ann.clock)

    needed = _sign_in(ann, "another long password")

    assert isinstance(needed, SecondFactorNeeded)
    assert isinstance(people.second_factor(needed.challenge, ann.next_code(), ann.client, ann.clock), SignedIn)


def test_a_magic_link_does_not_pass_by_the_second_factor(ann: Someone) -> None:
    ann.turn_on_two_factor()
    people.request_magic_link(ann.address, ann.client, ann.clock)
    link = newest_link(ann.address)

    needed = people.redeem_magic_link(link, ann.client, ann.clock)

    assert isinstance(needed, SecondFactorNeeded)
    refused(UnauthenticatedError, lambda: people.redeem_magic_link(link, ann.client, ann.clock))


def test_a_changed_password_ends_other_sessions_and_gives_this_one_a_new_secret(ann: Someone) -> None:
    other = _sign_in(ann)
    assert isinstance(other, SignedIn)
    before = ann.signed_in.secret

    ann.enter(people.change_password(ann.person, PASSWORD, "another long password", ann.client, ann.clock))

    for ended in (before, other.secret):
        refused(UnauthenticatedError, lambda ended=ended: people.admit(ended))
    assert ann.person.user_id == ann.user_id
    assert len(people.sessions(ann.person, ann.clock)) == 1


def test_changing_the_password_needs_the_present_one(ann: Someone) -> None:
    refused(
        ForbiddenError,
        lambda: people.change_password(ann.person, "not the password", "another long password", ann.client, ann.clock),
    )
    assert isinstance(_sign_in(ann), SignedIn)


def test_a_session_that_was_known_a_minute_ago_cannot_change_how_one_signs_in(ann: Someone) -> None:
    known = ann.person
    people.sign_out(known, ann.client, ann.clock)

    refused(
        UnauthenticatedError,
        lambda: people.change_password(known, PASSWORD, "another long password", ann.client, ann.clock),
    )
    refused(UnauthenticatedError, lambda: people.create_key(known, "key", ["reports:read"], ann.client))


def test_sessions_are_listed_with_device_and_place_and_ended_one_by_one(ann: Someone) -> None:
    ann.clock.pass_seconds(60)
    other = _sign_in(ann, user_agent="curl/8.5.0", country="FR")
    assert isinstance(other, SignedIn)

    listed = people.sessions(ann.person, ann.clock)
    assert [(s.device, s.place, s.method, s.is_current) for s in listed] == [
        ("curl", "FR", "PASSWORD", False),
        ("Firefox on Linux", "DE", "SIGN_UP", True),
    ]

    people.revoke_session(ann.person, listed[0].session_id, ann.client, ann.clock)

    refused(UnauthenticatedError, lambda: people.admit(other.secret))
    assert [s.is_current for s in people.sessions(ann.person, ann.clock)] == [True]
    stranger = Someone()
    refused(
        NotFoundError,
        lambda: people.revoke_session(stranger.person, listed[1].session_id, stranger.client, stranger.clock),
    )


def test_all_sessions_end_at_once(ann: Someone) -> None:
    other = _sign_in(ann)
    assert isinstance(other, SignedIn)

    people.revoke_all_sessions(ann.person, ann.client, ann.clock)

    for secret in (ann.signed_in.secret, other.secret):
        refused(UnauthenticatedError, lambda secret=secret: people.admit(secret))


def test_a_session_ends_two_weeks_after_its_last_use_and_three_months_after_it_began(
    ann: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "system_clock", ann.clock)
    idle = _sign_in(ann)
    assert isinstance(idle, SignedIn)
    for _ in range(9):
        ann.clock.pass_seconds(10 * DAY_MS / 1000 - 1)
        assert ann.person.user_id == ann.user_id

    refused(UnauthenticatedError, lambda: people.admit(idle.secret))
    ann.clock.pass_seconds(10)
    refused(UnauthenticatedError, lambda: ann.person)


def test_the_last_use_is_right_to_an_hour_and_costs_a_write_an_hour(
    ann: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "system_clock", ann.clock)
    writes: list[object] = []
    write = admission.update_if
    monkeypatch.setattr(admission, "update_if", lambda update: writes.append(update) or write(update))
    for _ in range(13):
        ann.clock.pass_seconds(10 * 60)
        people.admit(ann.signed_in.secret)

    assert len(writes) == 2
    (session,) = people.sessions(ann.person, ann.clock)
    assert 0 <= ann.clock() - session.seen_ms < 3_600_000


def test_a_suspended_person_is_nobody(ann: Someone, table: object) -> None:
    from optiq.identity import keys
    from optiq.identity.people.records import UserRecord

    UserRecord(*keys.user(ann.user_id)).update(actions=[UserRecord.status.set("SUSPENDED")])

    refused(UnauthenticatedError, lambda: ann.person)
    refused(UnauthenticatedError, lambda: _sign_in(ann))
    people.request_magic_link(ann.address, ann.client, ann.clock)
    assert templates_to(ann.address)[-1] == "NO_ACCOUNT"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "os_",
        "os_!",
        "ok_" + "A" * 32,
        "os_" + "A" * 75,
        "ok_" + "A" * 75,
        "pk_" + "A" * 75,
        "os_" + "A" * 5_000,
        "os_ä",
    ],
)
def test_what_is_no_secret_of_ours_is_nobodys(secret: str) -> None:
    refused(UnauthenticatedError, lambda: people.admit(secret))


def test_a_session_of_one_person_is_not_anothers(ann: Someone) -> None:
    """The user named in a secret is only where to look: the rest must fit."""
    bob = Someone()
    forged = bob.signed_in.secret[:25] + ann.signed_in.secret[25:]

    refused(UnauthenticatedError, lambda: people.admit(forged))


def test_the_profile_changes_and_the_book_says_how(ann: Someone) -> None:
    changed = people.change_profile(
        ann.person,
        {"name": " Ann  B. ", "timezone": "Europe/Berlin", "preferences": {"date_format": "DMY", "theme": "dark"}},
        ann.client,
        ann.clock,
    )
    changed = people.change_profile(ann.person, {"preferences": {"theme": None}}, ann.client, ann.clock)

    assert (changed.name, changed.timezone, changed.preferences) == ("Ann B.", "Europe/Berlin", {"date_format": "DMY"})
    first = audit.entries(ann.user_id).items[1].change
    assert first.before["name"] == "Ann Example"
    assert first.after["name"] == "Ann B."
    assert first.origin.device == "Firefox on Linux"
    assert audit.verify(ann.user_id).fault == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a\u0007b"},
        {"timezone": "Mars/Olympus"},
        {"locale": "english please"},
        {"avatar_url": "javascript:alert(1)"},
        {"preferences": {"X": 1}},
        {"preferences": {"date_format": "dd.mm.yyyy"}},
        {"preferences": {"time_format": 24}},
        {"preferences": {"x": "y" * 201}},
        {"preferences": {f"p{number}": 1 for number in range(51)}},
    ],
)
def test_a_profile_that_cannot_be_is_refused(ann: Someone, changes: dict[str, object]) -> None:
    refused(InvalidError, lambda: people.change_profile(ann.person, changes, ann.client))  # type: ignore[arg-type]


def test_an_api_key_is_its_owners_and_shows_its_secret_once(ann: Someone) -> None:
    made = people.create_key(in_organization(ann.person), "dashboards", ["reports:read", "reports:read"], ann.client)

    person = people.admit(made.secret)
    assert (person.user_id, person.scopes) == (ann.user_id, frozenset({"reports:read"}))
    (listed,) = people.list_keys(ann.person).items
    assert listed.seen_ms is not None
    assert made.secret not in str(people.list_keys(ann.person))
    assert made.secret.endswith(listed.prefix[-6:])

    people.revoke_key(ann.person, listed.key_id, ann.client)
    refused(UnauthenticatedError, lambda: people.admit(made.secret))
    assert audit.entries(ann.user_id).items[0].change.action == "api_key.revoked"
    refused(NotFoundError, lambda: people.revoke_key(Someone().person, listed.key_id, ann.client))


def test_there_is_no_api_key_of_no_organization(ann: Someone) -> None:
    said = refused(ConflictError, lambda: people.create_key(ann.person, "key", ["reports:read"], ann.client))

    assert "/v1/organizations/{id}/switch" in said
    assert people.list_keys(ann.person).items == ()


def test_an_api_key_expires(ann: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "system_clock", ann.clock)
    made = people.create_key(
        in_organization(ann.person),
        "short",
        ["reports:read"],
        ann.client,
        expires_ms=ann.clock() + 60_000,
        clock=ann.clock,
    )
    assert people.admit(made.secret)

    ann.clock.pass_seconds(60)
    refused(UnauthenticatedError, lambda: people.admit(made.secret))


def test_an_api_key_changes_nothing_about_its_owner(ann: Someone) -> None:
    made = people.create_key(in_organization(ann.person), "key", ["reports:read"], ann.client)
    by_key = people.admit(made.secret)

    for call in (
        lambda: people.change_password(by_key, PASSWORD, "another long password", ann.client),
        lambda: people.start_two_factor(by_key, PASSWORD),
        lambda: people.confirm_two_factor(by_key, "000000", ann.client),
        lambda: people.create_key(by_key, "more", ["members:write"], ann.client),
        lambda: people.revoke_all_sessions(by_key, ann.client),
        lambda: people.sign_out(by_key, ann.client),
    ):
        refused(ForbiddenError, call)


@pytest.mark.parametrize(
    ("name", "scopes"), [("", ["a:b"]), ("n", []), ("n", ["everything"]), ("n", ["a:b"] * 1 + ["A:B"])]
)
def test_an_api_key_that_cannot_be_is_refused(ann: Someone, name: str, scopes: list[str]) -> None:
    refused(InvalidError, lambda: people.create_key(in_organization(ann.person), name, scopes, ann.client))


def test_there_is_an_end_to_keys(ann: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    from optiq.identity.people import personal_keys

    monkeypatch.setattr(personal_keys, "MOST_KEYS", 2)
    for number in range(2):
        people.create_key(in_organization(ann.person), f"key {number}", ["a:b"], ann.client)
    refused(ConflictError, lambda: people.create_key(in_organization(ann.person), "more", ["a:b"], ann.client))


def test_a_device_says_what_it_is() -> None:
    from optiq.identity.people.origins import device_name

    assert device_name(FIREFOX) == "Firefox on Linux"
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
    assert device_name(chrome) == "Chrome on Windows"
    assert device_name(f"{chrome} Edg/140.0") == "Edge on Windows"
    assert device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1") == (
        "Safari on iPhone"
    )
    assert device_name("") == "unknown device"


def test_sign_up_refuses_what_cannot_be_whether_the_address_is_known_or_not(ann: Someone) -> None:
    said = {
        refused(InvalidError, lambda address=address: people.sign_up(address, "Ann", "short", new_client()))
        for address in (ann.address, new_address())
    }
    assert len(said) == 1
    assert templates_to(ann.address)[-1] == "VERIFY_ADDRESS"
