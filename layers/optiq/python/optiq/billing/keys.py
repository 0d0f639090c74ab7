"""The keys of what billing keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def credits_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#CREDITS"


def head(organization_id: str) -> Key:
    return Key(credits_partition(organization_id), "HEAD")


def billing_partition(organization_id: str) -> str:
    """What is mirrored of an organization's payments."""
    return f"ORG#{organization_id}#BILLING"


def account(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "BILLING")


def mirrored(organization_id: str, kind: str, object_id: str) -> Key:
    """Args:
    kind: SUBSCRIPTION, INVOICE, PAYMENT, METHOD or CUSTOMER.
    """
    return Key(billing_partition(organization_id), f"{kind}#{object_id}")


def effect(organization_id: str, source: str) -> Key:
    return Key(billing_partition(organization_id), f"EFFECT#{source}")


def stripe_object(object_id: str) -> Key:
    """Says which organization an object at Stripe is of."""
    return Key(f"STRIPE#{object_id}", "STRIPE")


def stripe_event(event_id: str) -> Key:
    return Key(f"STRIPE_EVENT#{event_id}", "EVENT")


def parked(customer_id: str, kind: str = "", object_id: str = "") -> Key:
    """An object of a customer of no known organization; without an object, all of the customer."""
    return Key(f"STRIPE_PARKED#{customer_id}", f"{kind}#{object_id}" if object_id else "")


def trial(kind: str, what: str) -> Key:
    """Args:
    kind: ORG, DOMAIN or CARD.
    """
    return Key(f"TRIAL#{kind}#{what}", "TRIAL")


def checkout(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "CHECKOUT")
