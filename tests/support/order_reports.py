"""Reports of orders, as the rules of orders take them."""

from optiq.journeys.orders.reports import Report
from optiq.kernel.clock import HOUR_MS


def report(hour: float, name: str = "purchase", micros: int | None = 50, **said: object) -> Report:
    """A page's report of an order of 50 by the device d1."""
    fields: dict[str, object] = {
        "event_id": f"{name}.{hour}.{said.get('customer_id', '')}",
        "receipt": f"r{hour}",
        "customer_id": "d1",
        "identity_type": "anonymous_id",
        "name": name,
        "occurred_ms": int(hour * HOUR_MS),
        "position": 0,
        "delay_ms": 0,
        "digest": "",
        "value_micros": micros,
        "currency": "",
        "from_server": False,
    }
    return Report(**(fields | said))  # type: ignore[arg-type]


SERVER: dict[str, object] = {"from_server": True, "customer_id": "u1", "identity_type": "user_id"}
