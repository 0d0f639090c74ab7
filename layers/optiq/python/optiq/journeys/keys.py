"""The keys of what journeys keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def customer(organization_id: str, site_id: str, customer_id: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#CUS#{customer_id}", "CUSTOMER")


def customer_history(organization_id: str, site_id: str, customer_id: str, day: str, page: int) -> Key:
    return Key(customer(organization_id, site_id, customer_id).pk, f"HISTORY#{day}#{page:05d}")


def order(organization_id: str, site_id: str, number_hash: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#ORDER#{number_hash}", "ORDER")


def waiting_corrections(organization_id: str, site_id: str) -> str:
    """Index partition of a site's orders that were corrected and never reported, the oldest correction first."""
    return f"{site_partition(organization_id, site_id)}#WAITING"


def event_claim(organization_id: str, site_id: str, event_hash: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#EVENT#{event_hash}", "EVENT")


def conversion(organization_id: str, site_id: str, conversion_id: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#CONV#{conversion_id}", "CONVERSION")


def conversions_of_site(organization_id: str, site_id: str) -> str:
    """Index partition of a site's conversions, sorted by their ids, which sort by time."""
    return f"{site_partition(organization_id, site_id)}#CONVERSIONS"
