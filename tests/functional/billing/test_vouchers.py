"""Vouchers: each organization redeems one once, and no more of them than it has uses."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from optiq.audit import api as audit
from optiq.billing.credits import api as ledger
from optiq.billing.credits.purchases import buy, follow_payment
from optiq.billing.vouchers import api as vouchers
from optiq.billing.vouchers import records
from optiq.billing.vouchers.contracts import Voucher
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.errors import (
    ConflictError,
    InvalidError,
    LimitExceededError,
    NotFoundError,
    OptiqError,
    UpstreamError,
)
from optiq.kernel.ids import new_id

STAFF = Caller.system("")

pytestmark = pytest.mark.usefixtures("table")


def organization() -> Caller:
    return Caller.system(new_id("org", system_clock()))


def create(code: str = "", value: int = 100, **settings: object) -> tuple[str, Voucher]:
    code = code or f"TEST-{new_id('x', system_clock())[2:]}"
    settings = {"kind": "FIXED_TOKENS", "name": "A test"} | settings
    return code, vouchers.create_voucher(STAFF, code=code, value=value, **settings)  # type: ignore[arg-type]


def redeem(code: str) -> str:
    caller = organization()
    while True:
        try:
            vouchers.redeem(caller, code)
        except UpstreamError:
            continue
        except OptiqError as error:
            return str(error)
        return f"has {ledger.balance_of(caller).available}"


def test_150_organizations_at_once_redeem_100_uses_100_times() -> None:
    code, voucher = create(max_uses=100, value=7)

    with ThreadPoolExecutor(15) as pool:
        outcomes = Counter(pool.map(lambda _: redeem(code), range(150)))

    assert outcomes == {"has 7": 100, "code: this voucher is used up": 50}
    found = records.find(voucher.voucher_id)
    assert found
    assert found.uses == 100
    assert found.state(system_clock()) == "DEPLETED"


def test_organization_redeems_a_voucher_once() -> None:
    code, voucher = create()
    caller = organization()

    with ThreadPoolExecutor(4) as pool:
        outcomes = Counter(pool.map(lambda _: _outcome(caller, code), range(4)))

    assert outcomes == {"redeemed": 1, "ConflictError": 3}
    assert ledger.balance_of(caller).available == 100
    assert list(records.redeemed_by(voucher.voucher_id)) == [caller.organization_id]


def _outcome(caller: Caller, code: str) -> str:
    while True:
        try:
            vouchers.redeem(caller, code)
        except UpstreamError:
            continue
        except OptiqError as error:
            return type(error).__name__
        return "redeemed"


def test_code_counts_however_it_is_written() -> None:
    number = new_id("x", system_clock())[-12:]
    create(f" Spring-{number} ")

    assert redeem(f"SPRING-{number.lower()}") == "has 100"
    with pytest.raises(ConflictError):
        create(f"sPRING-{number}")


@pytest.mark.parametrize("code", ["", "ABC", "SPRING 25", "SPRÏNG-25", "-ABCD", "A" * 41])
def test_code_that_cannot_be_one_is_refused(code: str) -> None:
    with pytest.raises(InvalidError, match="code: "):
        vouchers.redeem(organization(), code)


def test_voucher_that_is_off_or_over_gives_nothing() -> None:
    now_ms = system_clock()
    off_code, off = create()
    vouchers.switch_voucher(STAFF, off.voucher_id, active=False)
    over_code, _ = create(expires_ms=now_ms + DAY_MS)
    caller = organization()

    for code, why in ((off_code, "turned off"), (over_code, "expired")):
        with pytest.raises(ConflictError, match=why):
            vouchers.redeem(caller, code, clock=lambda: now_ms + DAY_MS)

    vouchers.switch_voucher(STAFF, off.voucher_id, active=True)
    assert vouchers.redeem(caller, off_code).credits == 100


def test_percentage_tops_the_next_purchase_up_and_follows_its_refund() -> None:
    code, _ = create(kind="PERCENTAGE_BONUS", value=20)
    caller = organization()
    vouchers.redeem(caller, code)
    assert ledger.balance_of(caller).bonus_percent == 20

    bought = buy(caller.organization_id, "pi_1", 500, amount=5_000, expires_ms=None)
    again = buy(caller.organization_id, "pi_2", 500, amount=5_000, expires_ms=None)
    refunded = follow_payment(caller.organization_id, "pi_1", amount=5_000, refunded=2_500)

    assert [[entry.amount for entry in entries] for entries in (bought, again, refunded)] == [
        [500, 100],
        [500],
        [-250, -50],
    ]


def test_credits_of_a_voucher_expire_after_its_days() -> None:
    now_ms = system_clock()
    code, _ = create(credit_days=30)
    caller = organization()
    vouchers.redeem(caller, code, clock=lambda: now_ms)

    assert ledger.balance_of(caller, clock=lambda: now_ms + 30 * DAY_MS - 1).available == 100
    assert ledger.balance_of(caller, clock=lambda: now_ms + 30 * DAY_MS).available == 0


def test_redemption_is_in_the_audit_log() -> None:
    code, voucher = create()
    caller = organization()
    vouchers.redeem(caller, code)

    (entry,) = audit.entries(caller.organization_id).items
    assert (entry.change.action, entry.change.entity) == ("voucher.redeemed", voucher.voucher_id)
    assert audit.verify(caller.organization_id).intact


def test_many_wrong_codes_are_too_many() -> None:
    caller, refused = organization(), Counter[str]()
    for number in range(30):
        try:
            vouchers.redeem(caller, f"GUESS-{number}")
        except (NotFoundError, LimitExceededError) as error:
            refused[type(error).__name__] += 1

    assert refused["NotFoundError"] < 25
    assert refused["LimitExceededError"] > 5


@pytest.mark.parametrize(
    ("field", "value"),
    [("value", 0), ("max_uses", 0), ("name", " "), ("credit_days", 0), ("expires_ms", 1), ("value", 10**13)],
)
def test_voucher_that_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(InvalidError, match=field.removesuffix("_ms")):
        create(**{field: value})  # type: ignore[arg-type]


def test_vouchers_are_listed_newest_first_in_pages() -> None:
    ids = [create()[1].voucher_id for _ in range(3)]

    first = vouchers.list_vouchers(limit=2)
    second = vouchers.list_vouchers(limit=2, cursor=first.cursor)

    assert {one.voucher_id for one in (*first.items, *second.items)} >= set(ids)
    stamps = [one.created_ms for one in (*first.items, *second.items)]
    assert stamps == sorted(stamps, reverse=True)
