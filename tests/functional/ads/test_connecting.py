"""Connecting Google Ads, Meta and TikTok, against stand-ins that speak their protocols over HTTP."""

import json

import pytest
from optiq.ads.connections import accounts, credentials, sealing
from optiq.ads.connections import api as connections
from optiq.ads.connections.records import CredentialRecord
from optiq.audit import api as audit
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UpstreamError
from optiq.kernel.ids import new_id
from optiq.ports import wiring

from infra.local.ad_platforms.server import Fault, FaultKind, Vendors
from infra.local.ad_platforms.world import Account, Reply
from tests.functional.ads.connected import accounts_of, caller, connect, now

pytestmark = pytest.mark.usefixtures("table")
PLATFORMS = ("GOOGLE_ADS", "META", "TIKTOK")


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _record(organization_id: str, connection_id: str) -> CredentialRecord:
    return CredentialRecord.get(f"ORG#{organization_id}", f"AD_CREDENTIAL#{connection_id}")


def test_a_platform_is_connected_and_its_accounts_are_chosen(
    vendors: Vendors, organization_id: str, platform: str
) -> None:
    # GIVEN a login with three accounts
    vendors.world.accounts = [Account("901", "One"), Account("902", "Two", "SEK"), Account("903", "Three")]
    who = caller(organization_id)

    # WHEN somebody connects and chooses two
    connection = connect(vendors, who, platform)
    assert connections.refresh_accounts(who, connection.connection_id) == 3
    accounts.choose(who, connection.connection_id, ["901", "902"])

    # THEN they are there, in their own currencies
    assert (connection.platform, connection.status, connection.reason) == (platform, "CONNECTED", "")
    assert [(one.external_id, one.name, one.currency, one.chosen) for one in accounts_of(who, connection)] == [
        ("901", "One", "EUR", True),
        ("902", "Two", "SEK", True),
        ("903", "Three", "EUR", False),
    ]
    assert {one.timezone for one in accounts_of(who, connection)} == {"Europe/Berlin"}


def test_an_attempt_is_good_once(vendors: Vendors, organization_id: str, platform: str) -> None:
    who = caller(organization_id)
    state, code = vendors.world.consent(connections.start_connecting(who, platform).url)
    connections.finish_connecting(who, state, code)

    with pytest.raises(InvalidError, match="state: this attempt was used"):
        connections.finish_connecting(who, state, code)
    assert len(connections.list_connections(who).items) == 1


def test_an_attempt_ends_after_ten_minutes(vendors: Vendors, organization_id: str) -> None:
    who = caller(organization_id)
    state, code = vendors.world.consent(connections.start_connecting(who, "GOOGLE_ADS", clock=lambda: now(vendors)).url)

    with pytest.raises(InvalidError, match="older than ten minutes"):
        connections.finish_connecting(who, state, code, clock=lambda: now(vendors) + 10 * MINUTE_MS + 1)
    assert connections.list_connections(who).items == ()
    assert vendors.asked("/token") == []


@pytest.mark.parametrize("other", ["another person", "another organization"])
def test_an_attempt_is_of_the_caller_who_began_it(vendors: Vendors, organization_id: str, other: str) -> None:
    who = caller(organization_id)
    state, code = vendors.world.consent(connections.start_connecting(who, "GOOGLE_ADS").url)
    thief = caller(organization_id, "user_bob") if other == "another person" else caller(new_id("org", 1))

    with pytest.raises(ForbiddenError, match="somebody else began"):
        connections.finish_connecting(thief, state, code)
    assert connections.list_connections(thief).items == ()
    assert connections.finish_connecting(who, state, code).status == "CONNECTED"


def test_a_code_without_its_verifier_is_worth_nothing(vendors: Vendors, organization_id: str) -> None:
    """PKCE: a code that is caught on its way does not fit another attempt."""
    who = caller(organization_id)
    _, caught = vendors.world.consent(connections.start_connecting(who, "GOOGLE_ADS").url)
    state, _ = vendors.world.consent(connections.start_connecting(who, "GOOGLE_ADS").url)

    with pytest.raises(InvalidError, match="code: Google Ads does not accept it"):
        connections.finish_connecting(who, state, caught)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"scope": "openid"}, "Google Ads was not permitted"), ({"refreshes": False}, "no lasting permission")],
)
def test_a_permission_that_is_not_enough_is_refused(
    vendors: Vendors, organization_id: str, change: dict[str, object], message: str
) -> None:
    for name, value in change.items():
        setattr(vendors.world, name, value)
    with pytest.raises(InvalidError, match=message):
        connect(vendors, caller(organization_id), "GOOGLE_ADS")
    assert connections.list_connections(caller(organization_id)).items == ()


def test_a_platform_that_is_down_is_named_as_that(vendors: Vendors, organization_id: str) -> None:
    vendors.faults.append(Fault("/token", "reply", Reply(503, "<html>")))
    with pytest.raises(UpstreamError, match="GOOGLE_ADS: HTTP_503"):
        connect(vendors, caller(organization_id), "GOOGLE_ADS")


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_half_an_answer_is_none(vendors: Vendors, organization_id: str, kind: FaultKind) -> None:
    vendors.world.accounts = [Account("901")]
    who = caller(organization_id)
    connection = connect(vendors, who, "META")
    vendors.faults.append(Fault("/me/adaccounts", kind))

    with pytest.raises(UpstreamError, match=r"META: (NO_ANSWER|UNREADABLE_ANSWER)"):
        connections.refresh_accounts(who, connection.connection_id)
    assert accounts_of(who, connection) == []


def test_one_account_without_access_leaves_the_others(vendors: Vendors, organization_id: str) -> None:
    """TikTok refuses a request for three when one of them may not be read; Google refuses that one alone."""
    vendors.world.accounts = [Account("901"), Account("902", denied=True), Account("903")]
    who = caller(organization_id)
    for platform in ("TIKTOK", "GOOGLE_ADS"):
        connection = connect(vendors, who, platform)
        connections.refresh_accounts(who, connection.connection_id)
        assert [one.status for one in accounts_of(who, connection)] == ["ACTIVE", "NO_ACCESS", "ACTIVE"]
        assert connections.get_connection(who, connection.connection_id).status == "CONNECTED"


def test_an_account_that_is_listed_no_more_keeps_its_name(vendors: Vendors, organization_id: str) -> None:
    vendors.world.accounts = [Account("901", "One"), Account("902", "Two")]
    who = caller(organization_id)
    connection = connect(vendors, who, "META")
    connections.refresh_accounts(who, connection.connection_id)
    del vendors.world.accounts[1]

    assert connections.refresh_accounts(who, connection.connection_id) == 1
    assert [(one.name, one.status) for one in accounts_of(who, connection)] == [("One", "ACTIVE"), ("Two", "NO_ACCESS")]


def test_another_member_connects_again_and_the_accounts_stay(
    vendors: Vendors, organization_id: str, platform: str
) -> None:
    # GIVEN a connection with a chosen account
    vendors.world.accounts = [Account("901"), Account("902")]
    ann, bob = caller(organization_id), caller(organization_id, "user_bob")
    connection = connect(vendors, ann, platform)
    connections.refresh_accounts(ann, connection.connection_id)
    accounts.choose(ann, connection.connection_id, ["902"])
    before = accounts_of(ann, connection)

    # WHEN another member connects it again
    again = connect(vendors, bob, platform, connection_id=connection.connection_id)
    connections.refresh_accounts(bob, connection.connection_id)

    # THEN it is the same connection with the same accounts
    assert (again.connection_id, again.granted_by, again.status) == (connection.connection_id, "user_bob", "CONNECTED")
    assert accounts_of(bob, again) == before
    assert len(connections.list_connections(bob).items) == 1


def test_an_account_of_two_connections_is_at_the_one_where_it_is_chosen(vendors: Vendors, organization_id: str) -> None:
    # GIVEN a login that two people connected
    vendors.world.accounts = [Account("901"), Account("902")]
    who, elsewhere = caller(organization_id), caller(new_id("org", 1))
    first, second = (connect(vendors, caller(organization_id, user), "GOOGLE_ADS") for user in ("user_ann", "user_bob"))

    def at_each() -> tuple[list[tuple[str, bool]], ...]:
        return tuple([(one.external_id, one.chosen) for one in accounts_of(who, each)] for each in (first, second))

    # WHEN both list its accounts THEN they are at the last, until one of them is chosen
    for connection in (first, second):
        connections.refresh_accounts(who, connection.connection_id)
    assert at_each() == ([], [("901", False), ("902", False)])
    accounts.choose(who, second.connection_id, ["901"])
    connections.refresh_accounts(who, first.connection_id)
    assert at_each() == ([("902", False)], [("901", True)])
    with pytest.raises(InvalidError, match="external_ids: this connection has no account 901"):
        accounts.choose(who, first.connection_id, ["901"])

    # WHEN the one where it is chosen is disconnected THEN it goes on at the other, still chosen
    permitted = vendors.world.granted.copy()
    connections.disconnect(who, second.connection_id)
    vendors.world.granted = permitted
    connections.refresh_accounts(who, first.connection_id)
    assert at_each() == ([("901", True), ("902", False)], [])

    # AND another organization that connects the login has accounts of its own
    its_own = connect(vendors, elsewhere, "GOOGLE_ADS")
    connections.refresh_accounts(elsewhere, its_own.connection_id)
    assert at_each() == ([("901", True), ("902", False)], [])
    assert {one.external_id: one.chosen for one in accounts_of(elsewhere, its_own)} == {"901": False, "902": False}


def test_disconnecting_revokes_and_keeps_the_accounts(vendors: Vendors, organization_id: str, platform: str) -> None:
    vendors.world.accounts = [Account("901")]
    who = caller(organization_id)
    connection = connect(vendors, who, platform)
    connections.refresh_accounts(who, connection.connection_id)

    ended = connections.disconnect(who, connection.connection_id)

    assert (ended.status, ended.reason) == ("DISCONNECTED", "disconnected")
    assert len(vendors.world.revoked) == 1
    assert len(accounts_of(who, connection)) == 1
    record = _record(organization_id, connection.connection_id)
    assert (record.access, record.renewal) == (None, None)
    heard = len(vendors.heard)
    with pytest.raises(ConflictError, match="must be connected again"):
        connections.refresh_accounts(who, connection.connection_id)
    assert len(vendors.heard) == heard


def test_tokens_go_although_the_platform_does_not_confirm(vendors: Vendors, organization_id: str) -> None:
    who = caller(organization_id)
    connection = connect(vendors, who, "META")
    vendors.faults.append(Fault("/me/permissions", "drop"))

    ended = connections.disconnect(who, connection.connection_id)

    assert "remove Optiq from the permitted apps there too" in ended.reason
    assert credentials.find(organization_id, connection.connection_id) is None


def test_another_organization_knows_nothing_of_a_connection(vendors: Vendors, organization_id: str) -> None:
    connection = connect(vendors, caller(organization_id), "META")
    stranger = caller(new_id("org", 1))
    for verb in (
        lambda: connections.get_connection(stranger, connection.connection_id),
        lambda: connections.disconnect(stranger, connection.connection_id),
        lambda: connections.refresh_accounts(stranger, connection.connection_id),
        lambda: accounts.choose(stranger, connection.connection_id, []),
        lambda: connections.start_connecting(stranger, "META", connection_id=connection.connection_id),
    ):
        with pytest.raises(NotFoundError):
            verb()


def test_a_credential_opens_nowhere_else(vendors: Vendors, organization_id: str) -> None:
    # GIVEN the sealed token of one connection
    who = caller(organization_id)
    connection, other = connect(vendors, who, "GOOGLE_ADS"), connect(vendors, who, "GOOGLE_ADS")
    access = _record(organization_id, connection.connection_id).access

    # WHEN it is moved to another organization, connection or field THEN it does not open
    for place in (
        (new_id("org", 1), connection.connection_id, "access"),
        (organization_id, other.connection_id, "access"),
        (organization_id, connection.connection_id, "refresh"),
    ):
        with pytest.raises(UpstreamError, match="does not open"):
            sealing.unseal(*place, access)
    assert sealing.unseal(organization_id, connection.connection_id, "access", access).startswith("ya29-secret-")
    assert b"ya29" not in access


def test_a_new_sealing_key_seals_and_the_old_ones_open(
    vendors: Vendors, organization_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = caller(organization_id)
    first = connect(vendors, who, "GOOGLE_ADS")
    keys = {"1": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", "2": "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(sealing_keys=keys))
    second = connect(vendors, who, "GOOGLE_ADS")

    versions = [_record(organization_id, one.connection_id).access[:2] for one in (first, second)]
    assert versions == [b"\x00\x00", b"\x00\x02"]
    assert credentials.find(organization_id, first.connection_id)
    assert credentials.find(organization_id, second.connection_id)

    del keys["2"]
    with pytest.raises(UpstreamError, match="key of version 2 is not configured"):
        credentials.find(organization_id, second.connection_id)


def test_no_secret_is_in_the_audit_log_the_state_or_an_error(
    vendors: Vendors, organization_id: str, platform: str, caplog: pytest.LogCaptureFixture
) -> None:
    vendors.world.accounts = [Account("901")]
    who = caller(organization_id)
    with caplog.at_level("DEBUG"):
        connection = connect(vendors, who, platform)
        connections.refresh_accounts(who, connection.connection_id)
        vendors.world.revoke()
        with pytest.raises(UpstreamError) as refused:
            connections.refresh_accounts(who, connection.connection_id)
        connections.disconnect(who, connection.connection_id)

    entries = audit.entries(organization_id).items
    kept = json.dumps([[entry.change.action, dict(entry.change.before), dict(entry.change.after)] for entry in entries])
    assert {entry.change.action for entry in entries} >= {"ad_connection.created", "ad_connection.disconnected"}
    own = "\n".join(record.getMessage() for record in caplog.records)
    chain = "".join(map(repr, (refused.value, refused.value.__cause__, refused.value.__context__)))
    for text in (kept, own, chain, repr(connection)):
        assert "secret" not in text


def test_manual_costs_need_no_sign_in(organization_id: str, table: object) -> None:
    who = caller(organization_id)
    started = connections.start_connecting(who, "MANUAL")
    assert (started.url, started.expires_ms) == ("", None)
    assert started.connection
    connections.refresh_accounts(who, started.connection.connection_id)
    assert [one.external_id for one in accounts_of(who, started.connection)] == ["manual"]


def test_a_platform_without_an_app_cannot_be_connected(organization_id: str) -> None:
    offered = {one.platform: one.configured for one in connections.offered_platforms().items}
    assert offered == {"GOOGLE_ADS": False, "MANUAL": True, "META": False, "TIKTOK": False}
    with pytest.raises(InvalidError, match="platform: the operator of this system has not set up Meta yet"):
        connections.start_connecting(caller(organization_id), "META")
    with pytest.raises(InvalidError, match="platform: must be one of GOOGLE_ADS, "):
        connections.start_connecting(caller(organization_id), "MYSPACE")
