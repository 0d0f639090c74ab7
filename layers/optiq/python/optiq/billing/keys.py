"""The keys of what billing keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

DUE = "CREDITS_DUE"
"""Index partition of all ledgers that the clock changes, by the instant."""


def credits_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#CREDITS"


def billing_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#BILLING"


def head(organization_id: str) -> Key:
    return Key(credits_partition(organization_id), "HEAD")


def entry(organization_id: str, sequence: int) -> Key:
    return Key(credits_partition(organization_id), f"ENTRY#{sequence:012d}")


def source(organization_id: str, kind: str, source_id: str) -> Key:
    return Key(credits_partition(organization_id), f"SOURCE#{kind}#{source_id}")


def purchase(organization_id: str, purchase_id: str) -> Key:
    return Key(credits_partition(organization_id), f"PURCHASE#{purchase_id}")


def due(organization_id: str) -> Key:
    return Key(credits_partition(organization_id), "DUE")


def day(organization_id: str, utc_day: str) -> Key:
    return Key(credits_partition(organization_id), f"DAY#{utc_day}")


def ledgers_of_day(utc_day: str) -> str:
    """Index partition of the ledgers that have entries of a day."""
    return f"CREDIT_DAYS#{utc_day}"


def voucher(voucher_id: str) -> Key:
    return Key(f"VOUCHER#{voucher_id}", "VOUCHER")


VOUCHERS = "VOUCHERS"
"""Index partition of all vouchers, by time."""


def redeemed_voucher(organization_id: str, voucher_id: str) -> Key:
    return Key(billing_partition(organization_id), f"REDEEMED#VOUCHER#{voucher_id}")


def redemptions_of(redeemed_id: str) -> str:
    """Index partition of the redemptions of one voucher."""
    return f"REDEEMED#{redeemed_id}"


def package(package_id: str) -> Key:
    return Key(f"PACKAGE#{package_id}", "PACKAGE")


PACKAGES = "PACKAGES"
"""Index partition of all packages, in their order."""


def coupon(coupon_id: str) -> Key:
    return Key(f"COUPON#{coupon_id}", "COUPON")


def coupon_code(code: str) -> Key:
    return Key(f"PROMO#{code}", "PROMO")


COUPONS = "COUPONS"
"""Index partition of all coupons, by time."""


def account(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "BILLING")


def trials_that_end_on(utc_day: str) -> str:
    """Index partition of the accounts whose trial ends on a day."""
    return f"TRIALS_ENDING#{utc_day}"


def subscription(organization_id: str, subscription_id: str) -> Key:
    return Key(billing_partition(organization_id), f"SUBSCRIPTION#{subscription_id}")


def invoice(organization_id: str, invoice_id: str) -> Key:
    return Key(billing_partition(organization_id), f"INVOICE#{invoice_id}")


def payment(organization_id: str, payment_id: str) -> Key:
    return Key(billing_partition(organization_id), f"PAYMENT#{payment_id}")


def method(organization_id: str, method_id: str) -> Key:
    return Key(billing_partition(organization_id), f"METHOD#{method_id}")


def customer(organization_id: str, customer_id: str) -> Key:
    return Key(billing_partition(organization_id), f"CUSTOMER#{customer_id}")


def effect(organization_id: str, source: str) -> Key:
    return Key(billing_partition(organization_id), f"EFFECT#{source}")


def stripe_object(object_id: str) -> Key:
    """Says which organization an object at Stripe is of."""
    return Key(f"STRIPE#{object_id}", "STRIPE")


def stripe_event(event_id: str) -> Key:
    return Key(f"STRIPE_EVENT#{event_id}", "EVENT")


REPAIR = Key("STRIPE_REPAIR", "PASS")
"""The comparison of the mirror with Stripe, as far as it has come."""


MIRROR_FAULTS = "STRIPE_FAULTS"


def mirror_fault(kind: str, object_id: str) -> Key:
    return Key(MIRROR_FAULTS, f"{kind}#{object_id}")


OWN_SIGN_UPS = Key("OWN_SITE", "SIGN_UPS")
"""Which organizations were sent to our own site."""


def parked(customer_id: str, kind: str = "", object_id: str = "") -> Key:
    """An object of a customer of no known organization; without an object, all of the customer."""
    return Key(f"STRIPE_PARKED#{customer_id}", f"{kind}#{object_id}" if object_id else "")


def trial(kind: str, what: str) -> Key:
    """Args:
    kind: DOMAIN or CARD.
    """
    return Key(f"TRIAL#{kind}#{what}", "TRIAL")


def checkout(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "CHECKOUT")


def usage_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#USAGE"


def shard_usage(organization_id: str, utc_day: str, shard: str) -> Key:
    return Key(usage_partition(organization_id), f"EVENTS#{utc_day}#{shard}")


def crossed(organization_id: str, period_start_ms: int, claim: str) -> Key:
    """Args:
    claim: of a threshold, such as `50000#80`.
    """
    return Key(usage_partition(organization_id), f"CROSSED#{period_start_ms:015d}#{claim}")


STOPS = Key("EDGE_LIMITS", "STOPS")
"""Who is refused where events are received."""


HOLDING = "HELD_EVENTS"
"""Index partition of the organizations that have held events."""


def held_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#HELD"


def holding(organization_id: str) -> Key:
    return Key(held_partition(organization_id), "HOLDING")


def held_batch(organization_id: str, shard: str, sequence: str) -> Key:
    """Without a shard, the beginning of all."""
    return Key(held_partition(organization_id), f"BATCH#{shard}#{sequence}" if shard else "BATCH#")


def held_passed(organization_id: str, shard: str) -> Key:
    return Key(held_partition(organization_id), f"PASSED#{shard}")


def held_bodies(organization_id: str, shard: str, sequence: str) -> Key:
    return Key(held_partition(organization_id), f"BODIES#{shard}#{sequence}")


def site_spend(organization_id: str, month_ms: int, site_id: str) -> Key:
    return Key(usage_partition(organization_id), f"SPEND#{month_ms:015d}#{site_id}")


def usage_mark(organization_id: str, month_ms: int, shard: str) -> Key:
    return Key(usage_partition(organization_id), f"MARK#{month_ms:015d}#{shard}")


MONTHS_DUE = "BILLING_MONTHS"
"""Index partition of the months that are not closed, by their start."""


def billing_months(organization_id: str) -> Key:
    """The beginning of all."""
    return Key(usage_partition(organization_id), "MONTH#")


def billing_month(organization_id: str, start_ms: int) -> Key:
    return Key(usage_partition(organization_id), f"MONTH#{start_ms:015d}")


def reported_day(organization_id: str, utc_day: str) -> Key:
    return Key(usage_partition(organization_id), f"REPORT#{utc_day}")
