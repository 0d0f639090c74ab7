"""The world of the sample shop: its ways in, their ads and costs, and how each kind of customer behaves.

One story is built in: e-mail brings readers back, and they type the shop's name into Google when they buy. So brand
search closes sales that e-mail opened, and the models disagree about both.
"""

from dataclasses import dataclass, field

HOST = "https://shop.example"
PRODUCTS = {
    # Of the shop under /shop/: slug, product id and price.
    "stoneware-teapot": ("HH-001", "49.90"),
    "everyday-mug": ("HH-002", "18.00"),
    "oak-board": ("HH-003", "34.00"),
    "linen-napkins": ("HH-004", "26.00"),
    "reading-lamp": ("HH-006", "89.00"),
    "paper-lantern": ("HH-007", "39.00"),
    "desk-clock": ("HH-009", "56.00"),
    "wool-throw": ("HH-011", "119.00"),
}
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the shop: where its links are, what they carry, and which page they open.

    Attributes:
        utm: source, medium and campaign; empty for what is not tagged.
        ads: values of utm_content. terms: of utm_term.
        click_id: the parameter that the platform adds.
        click_cost: of a usual click, in the currency of the ad account; 0 for what costs nothing.
    """

    utm: tuple[str, ...] = ()
    ads: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    referrer: str = ""
    click_id: str = ""
    page: str = "/"
    click_cost: float = 0
    currency: str = "EUR"


_GOOGLE, _BING = "https://www.google.com/", "https://www.bing.com/"
_FACEBOOK, _TIKTOK = "https://l.facebook.com/", "https://www.tiktok.com/"

WAYS = {
    "google": Way(referrer=_GOOGLE),
    "bing": Way(referrer=_BING),
    "direct": Way(),
    "brand search": Way(
        ("google", "cpc", "brand"),
        ("headline-heron", "sitelinks"),
        ("hearth and heron", "hearth heron shop"),
        _GOOGLE,
        "gclid",
        click_cost=4.10,
    ),
    "generic search": Way(
        ("google", "cpc", "homeware"),
        ("linen-text", "oak-text"),
        ("linen napkins", "oak board"),
        _GOOGLE,
        "gclid",
        "/collections/table",
        4.20,
    ),
    "bing search": Way(
        ("bing", "cpc", "homeware"), ("linen-text",), ("linen napkins",), _BING, "msclkid", "/collections/table", 3.00
    ),
    "sale search": Way(
        ("google", "cpc", "spring_sale"),
        ("sale-text", "sale-countdown"),
        ("wool throw sale",),
        _GOOGLE,
        "gclid",
        "/collections/rest",
        4.00,
    ),
    "shopping": Way(
        ("google", "cpc", "shopping-lamps"),
        ("reading-lamp", "paper-lantern"),
        (),
        _GOOGLE,
        "gclid",
        "/products/reading-lamp",
        2.40,
    ),
    "performance": Way(("google", "cpc", "cross-network-autumn"), ("asset-group-1",), (), "", "gclid", "/", 2.40),
    "rooms": Way(
        ("facebook", "paid_social", "new-rooms"),
        ("carousel-bedroom", "video-kitchen"),
        (),
        _FACEBOOK,
        "fbclid",
        "/collections/rest",
        3.20,
        "USD",
    ),
    "sale social": Way(
        ("facebook", "paid_social", "spring_sale"),
        ("carousel-sale", "story-sale"),
        (),
        _FACEBOOK,
        "fbclid",
        "/collections/rest",
        3.40,
        "USD",
    ),
    "unboxing": Way(
        ("tiktok", "paid_social", "unboxing"), ("creator-ida", "creator-tom"), (), _TIKTOK, "ttclid", "/", 1.80
    ),
    "retargeting": Way(("adnetwork", "display", "retarget-cart"), ("banner-cart", "banner-lamp"), click_cost=2.20),
    "weekly mail": Way(
        ("newsletter", "email", "weekly"), ("hero", "product-grid", "footer"), page="/collections/light"
    ),
    "sale mail": Way(("newsletter", "email", "spring_sale"), ("hero", "product-grid"), page="/collections/rest"),
    "welcome mail": Way(("newsletter", "email", "welcome"), ("coupon", "story")),
    "affiliate": Way(("dealhunter", "affiliate", "partners"), ("top-ten",), referrer="https://dealhunter.example/"),
    "sms": Way(("sms", "sms", "back-in-stock"), ("lamp",), page="/products/reading-lamp"),
    "instagram": Way(referrer="https://l.instagram.com/"),
    "youtube": Way(referrer="https://www.youtube.com/"),
    "assistant": Way(referrer="https://chatgpt.com/", page="/products/desk-clock"),
    "blog": Way(referrer="https://slowhome.example/ten-lamps", page="/products/reading-lamp"),
}

Weights = dict[str, float]
_SEEN: Weights = {"google": 5, "direct": 5, "retargeting": 4, "instagram": 2, "brand search": 1}
_MAILS: Weights = {"weekly mail": 8, "sale mail": 1}


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of customer comes to a sale, or does not.

    Attributes:
        share: how many newcomers have it, beside the others.
        visits: from how many to how many, those without a sale included.
        buys: how many reach their last visit and buy there.
        gap_days: usual time between two visits.
        opens, between, closes: ways of the first visit, of those after it, and of the last one.
        goals: what happens at the first visits, one each, such as a lead.
        account: how many have an account from the start.
    """

    share: float
    visits: tuple[int, int]
    buys: float
    gap_days: float
    opens: Weights
    between: Weights = field(default_factory=lambda: _SEEN)
    closes: Weights = field(default_factory=lambda: _SEEN)
    goals: tuple[str, ...] = ()
    account: float = 0


HABITS = {
    "passer-by": Habit(
        44, (1, 2), 0.03, 5,
        {"google": 20, "bing": 3, "direct": 7, "brand search": 2, "generic search": 5, "performance": 4, "rooms": 6,
         "unboxing": 7, "instagram": 6, "youtube": 4, "assistant": 3, "blog": 4, "affiliate": 2, "retargeting": 4},
    ),
    "searcher": Habit(
        22, (1, 4), 0.30, 3,
        {"google": 9, "bing": 2, "generic search": 9, "bing search": 3, "shopping": 8, "sale search": 5, "assistant": 3,
         "performance": 3},
        closes={"google": 4, "direct": 5, "shopping": 5, "generic search": 3, "brand search": 2, "affiliate": 2},
    ),
    "reader": Habit(
        17, (2, 4), 0.55, 2,
        _MAILS,
        _MAILS | {"direct": 2, "google": 1},
        {"brand search": 14, "direct": 3, "weekly mail": 2, "sms": 1},
        account=0.7,
    ),
    "lead": Habit(
        10, (3, 6), 0.45, 3,
        {"rooms": 8, "sale social": 6, "instagram": 2, "youtube": 3, "blog": 4, "affiliate": 4},
        {"weekly mail": 5, "welcome mail": 4, "sale mail": 1, "retargeting": 1},
        {"brand search": 8, "weekly mail": 2, "direct": 2},
        goals=("Lead", "Signed Up"),
    ),
    "deal seeker": Habit(
        7, (1, 3), 0.35, 2,
        {"sale social": 4, "sale search": 3, "affiliate": 4, "rooms": 3},
        {"affiliate": 3, "direct": 2, "sale social": 2, "google": 1},
        {"affiliate": 4, "direct": 2, "sale search": 2, "google": 1},
    ),
}  # fmt: skip
"""Of newcomers, by name."""

RETURNING = Habit(
    0, (1, 3), 0.6, 2,
    _MAILS | {"direct": 2, "sms": 1},
    _MAILS | {"direct": 1},
    {"brand search": 6, "weekly mail": 2, "direct": 2, "sms": 1},
)  # fmt: skip
"""Of customers, weeks after a sale."""
