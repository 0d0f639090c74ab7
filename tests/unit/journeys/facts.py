"""Facts to derive histories from: one by one, or any set of them."""

from hypothesis import strategies as st
from optiq.journeys.agents import agent_text
from optiq.journeys.contracts import Conversion
from optiq.journeys.history import Fact
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.events import Campaign
from optiq.kernel.ids import id_in_order
from optiq.tenancy.contracts import Site

SITE = Site("org_1", "site_1", "Shop", ("shop.example",), "UTC", "EUR")
HOME = "https://shop.example/"
SPRING = Campaign(source="newsletter", medium="email", name="spring")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AGENTS = ["", agent_text(PHONE), agent_text(CRAWLER)]


def fact(occurred_ms: int, **said: object) -> Fact:
    """A page view of the shop's front page, but for what is said otherwise."""
    fields: dict[str, object] = {
        "event_id": f"e{occurred_ms}",
        "receipt": f"r{occurred_ms}",
        "digest": "d",
        "kind": "PAGE",
        "name": "page_view",
        "occurred_ms": occurred_ms,
        "url": HOME,
        "referrer": "",
        "campaign": None,
        "session_hint": "",
        "value_micros": None,
        "currency": "",
        "agent": "",
    }
    return Fact(**(fields | said))  # type: ignore[arg-type]


def conversion_at(occurred_ms: int, **said: object) -> Conversion:
    fields: dict[str, object] = {
        "organization_id": SITE.organization_id,
        "site_id": SITE.site_id,
        "customer_id": "cus_1",
        "conversion_id": id_in_order("conversion", occurred_ms, 0, 0),
        "event_id": f"e{occurred_ms}",
        "name": "purchase",
        "occurred_ms": occurred_ms,
        "value_micros": 7,
        "currency": "EUR",
        "revision": 1,
        "arrived_ms": occurred_ms,
    }
    return Conversion(**(fields | said))  # type: ignore[arg-type]


FACTS = st.lists(
    st.builds(
        fact,
        st.integers(0, 200 * MINUTE_MS),
        event_id=st.uuids().map(str),
        kind=st.sampled_from(["PAGE", "TRACK", "IDENTIFY"]),
        name=st.sampled_from(["page_view", "purchase", "other", "Offline Touch"]),
        url=st.sampled_from(["", HOME, f"{HOME}?gclid=1", f"{HOME}?fbclid=2"]),
        referrer=st.sampled_from(["", HOME, "https://www.google.com/", "https://paypal.com/"]),
        campaign=st.sampled_from([None, SPRING, Campaign(source="x", content="é☃")]),
        session_hint=st.sampled_from(["", "s1", "s2"]),
        value_micros=st.none() | st.integers(-(10**12), 10**12),
        currency=st.sampled_from(["", "EUR"]),
        agent=st.sampled_from(AGENTS),
        place=st.sampled_from(["", "DE|Berlin", "FR|"]),
        position=st.integers(0, 3),
        delay_ms=st.sampled_from([0, 0, 137, MINUTE_MS]),
        from_server=st.booleans(),
    ),
    max_size=30,
)
