"""What platforms claim, in parts that come to it exactly; and what no visit is known of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

import pytest
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity, EntityName
from optiq.ads.lake import AD_DAILY, AD_RESOLUTIONS
from optiq.ads.platforms.registry import kinds
from optiq.feedback.lake import AD_FEEDBACK
from optiq.journeys.lake import TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.reports.advertising import api as advertising
from optiq.reports.advertising.contracts import ClaimsAsk, EvidenceCount, PlatformClaim

from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
DAY = "2026-10-01"
NOW_MS = from_rfc3339("2026-10-20T12:00:00Z")
PERIOD = f"{DAY}..{DAY}"
GOOGLE, META = "GOOGLE_ADS", "META"


@dataclass
class World:
    """A site with a Google and a Meta account, whose numbers and visits a test writes."""

    lake: TestLake
    credits: list[Sequence[dict[str, object]]] = field(default_factory=list)

    @property
    def who(self) -> Caller:
        return Caller.system(self.lake.organization_id)

    def account(self, platform: str, currency: str = "EUR") -> None:
        account = AdAccount(
            self.lake.organization_id,
            platform,
            "901",
            "adcon_x",
            "Acme",
            currency,
            "UTC",
            0,
            chosen=True,
            site_id=self.lake.site_id,
        )
        ACCOUNTS.add(self.who, account)

    def campaign(self, platform: str, campaign_id: str, *names: tuple[str, str]) -> None:
        """Names, each with since when."""
        had = tuple(EntityName(name, from_rfc3339(since)) for name, since in names)
        entity = Entity("CAMPAIGN", campaign_id, campaign_id, "", had, "ENABLED", "SEARCH", 0, NOW_MS)
        stored.keep((self.lake.organization_id, platform, "901"), [entity])

    def numbers(self, platform: str, campaign_id: str, spend: float = 0, **claims: float) -> None:
        """What a platform says of a campaign on the day; claims in conversions."""
        line = {
            "platform": platform,
            "account": "901",
            "level": "CAMPAIGN",
            "day": DAY,
            "entity_id": campaign_id,
            "campaign_id": campaign_id,
            "spend_micros": round(spend * 1_000_000),
            "currency": "EUR",
            "revision": 1,
            **{f"{name}_micros": round(value * 1_000_000) for name, value in claims.items()},
        }
        self.write(AD_DAILY.name, [line])

    def visit(
        self, touch_id: str, platform: str, campaign_id: str = "", evidence: str = "URL_ID", **details: object
    ) -> None:
        of = {"site_id": self.lake.site_id, "touch_id": touch_id, "revision": 1}
        account = "901" if campaign_id else ""
        row = {"platform": platform, "account": account, "campaign_id": campaign_id, "evidence": evidence}
        known = {"foreign_id": "", "conflict": "", "candidates": 0, **row, **of}
        known |= {name: value for name, value in details.items() if name in AD_RESOLUTIONS.columns}
        self.write(AD_RESOLUTIONS.name, [known])
        named = {"source": "google", "medium": "cpc", "campaign": "(not set)", "deleted": False}
        self.write(TOUCHES.name, [named | {name: value for name, value in details.items() if name in named} | of])

    def told(self, platform: str, how_many: int, status: str = "ACCEPTED") -> None:
        """Conversions of the day that the platform was told, and what it answered."""
        of = {"site_id": self.lake.site_id, "destination_id": f"destination_{platform}", "place": "0001", "revision": 1}
        rows = [
            of
            | {"conversion_id": f"{platform}{status}{number}", "platform": platform, "status": status}
            | {"is_change": False, "occurred_at": from_rfc3339(f"{DAY}T12:00:00Z")}
            for number in range(how_many)
        ]
        self.write(AD_FEEDBACK.name, rows)

    def write(self, table: str, rows: list[dict[str, object]]) -> None:
        schema = {one.name: one for one in (AD_DAILY, AD_FEEDBACK, AD_RESOLUTIONS, TOUCHES)}[table]
        self.lake.lake.append(table, self.lake.organization_id, DAY, name_of("x", rows), arrow_table(schema, rows))

    def orders(self, how_many: int, *touches: str, prefix: str, name: str = "Order Completed") -> None:
        """Conversions of 10.00, each with the same touches, all of one weight."""
        for number in range(how_many):
            parts = [Part("Paid", 1 / len(touches), 10_000_000 // len(touches)) for _ in touches] or [
                Part("No tracked visit", 1.0, 10_000_000, touch_id="")
            ]
            rows = self.lake.credit(f"{prefix}{number}", f"{DAY}T12:00:00Z", parts)
            for row, touch in zip(rows, touches or ("",), strict=True):
                row |= {"touch_id": touch, "name": name}
            self.credits.append(rows)

    def claims(self, **ask: str) -> dict[str, PlatformClaim]:
        return {one.platform: one for one in self.answer(**ask).platforms}

    def answer(self, **ask: str):  # type: ignore[no-untyped-def]
        if self.credits:
            self.lake.write_credits(*self.credits)
            self.credits.clear()
        wanted = ClaimsAsk(**{"period": PERIOD, "model": "LINEAR", **ask})  # type: ignore[arg-type]
        return advertising.claims(self.who, self.lake.site_id, wanted, clock=lambda: NOW_MS)


@pytest.fixture
def world(make_site: Callable[..., TestLake]) -> World:
    return World(make_site())


def _parts(one: PlatformClaim) -> dict[str, float]:
    names = ("claimed", "credited", "shared", "view_through", "date_basis", "unexplained")
    return {name: getattr(one.parts, f"{name}_micros") / 1_000_000 for name in names}


@pytest.fixture
def hundred(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A hundred orders: Google's clicks lead to 50, Meta's to 40, both to 15."""
    for platform in (GOOGLE, META):
        world.account(platform)
    monkeypatch.setattr(kinds()[META], "capabilities", _with(META, claims_views=True))
    world.visit("g", GOOGLE, "111")
    world.visit("m", META, "222")
    world.orders(35, "g", prefix="google")
    world.orders(25, "m", prefix="meta")
    world.orders(15, "g", "m", prefix="both")
    world.orders(25, prefix="none")
    world.numbers(GOOGLE, "111", claimed_count=60, claimed_by_conversion_day=56)
    world.numbers(META, "222", claimed_count=70, view_through=20)
    world.campaign(GOOGLE, "111", ("A", "2026-09-01T00:00:00Z"), ("B", "2026-10-05T00:00:00Z"))
    return world


def _with(platform: str, **more: bool):  # type: ignore[no-untyped-def]
    return replace(kinds()[platform].capabilities, **more)


def test_each_claim_is_taken_apart_and_the_parts_come_to_it(hundred: World) -> None:
    answer = hundred.answer()
    found = {one.platform: one for one in answer.platforms}

    assert _parts(found[GOOGLE]) == {
        "claimed": 60,
        "credited": 42.5,
        "shared": 7.5,
        "view_through": 0,
        "date_basis": 4,
        "unexplained": 6,
    }
    assert _parts(found[META]) == {
        "claimed": 70,
        "credited": 32.5,
        "shared": 7.5,
        "view_through": 20,
        "date_basis": 0,
        "unexplained": 10,
    }
    assert (answer.conversions, answer.clicked, answer.over_claim) == (100, 75, 1.3)


def test_no_number_of_the_answer_is_the_sum_of_claims(hundred: World) -> None:
    """Both claim the same orders: 130 is nobody's conversions."""
    found = set(_numbers(asdict(hundred.answer())))
    assert {60_000_000, 70_000_000, 100, 1.3} <= found
    assert found.isdisjoint({130, 130_000_000})


def _numbers(value: object) -> Iterator[float]:
    """Every number of an answer."""
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each)


def test_what_is_unexplained_may_be_less_than_nothing(hundred: World) -> None:
    hundred.numbers(META, "222", claimed_count=30)
    hundred.write(AD_DAILY.name, [_restated()])
    parts = _parts(hundred.claims()[META])
    assert (parts["claimed"], parts["unexplained"]) == (30, -10)
    assert parts["claimed"] == sum(value for name, value in parts.items() if name != "claimed")


def _restated() -> dict[str, object]:
    """The day once more: 30 claimed, none after a view."""
    of = {"platform": META, "account": "901", "level": "CAMPAIGN", "day": DAY, "entity_id": "222", "campaign_id": "222"}
    return of | {"claimed_count_micros": 30_000_000, "currency": "EUR", "revision": 2}


def test_fractions_come_to_the_claim_too(world: World) -> None:
    world.account(GOOGLE)
    for touch in ("a", "b", "c"):
        world.visit(touch, GOOGLE if touch == "a" else META, "111")
    world.orders(7, "a", "b", "c", prefix="x")
    world.numbers(GOOGLE, "111", claimed_count=2.333333, claimed_by_conversion_day=1.111111)
    parts = world.claims()[GOOGLE].parts
    every = (parts.credited_micros, parts.shared_micros, parts.view_through_micros, parts.date_basis_micros)
    assert sum(every) + parts.unexplained_micros == parts.claimed_micros == 2_333_333
    assert parts.credited_micros == 2_333_333


def test_a_campaign_is_shown_by_the_name_of_then_or_of_now(hundred: World) -> None:
    assert [one.name for one in hundred.claims(names="then")[GOOGLE].campaigns] == ["A"]
    assert [one.name for one in hundred.claims(names="now")[GOOGLE].campaigns] == ["B"]


def test_a_campaigns_claim_is_taken_apart_as_its_platforms(hundred: World) -> None:
    (campaign,) = hundred.claims()[GOOGLE].campaigns
    assert (campaign.account, campaign.campaign_id) == ("901", "111")
    assert campaign.parts == hundred.claims()[GOOGLE].parts


def test_only_one_conversion_can_be_asked_for(hundred: World) -> None:
    hundred.orders(5, "g", prefix="lead", name="Lead")
    answer = hundred.answer(conversion="Lead")
    assert (answer.conversions, answer.clicked) == (5, 5)


def test_a_visit_without_a_known_campaign_counts_for_its_platform(world: World) -> None:
    world.account(GOOGLE)
    world.visit("known", GOOGLE, "111")
    world.visit("unknown", GOOGLE, evidence="UNKNOWN")
    world.visit("foreign", GOOGLE, evidence="FOREIGN")
    for touch in ("known", "unknown", "foreign"):
        world.orders(1, touch, prefix=touch)
    world.numbers(GOOGLE, "111", claimed_count=2)
    found = world.claims()[GOOGLE]
    assert found.parts.credited_micros == 2_000_000
    assert [(one.campaign_id, one.parts.credited_micros) for one in found.campaigns] == [
        ("111", 1_000_000),
        ("", 1_000_000),
    ]


def test_nothing_claimed_is_no_claim(world: World) -> None:
    answer = world.answer()
    assert (answer.platforms, answer.over_claim, answer.conversions) == ((), None, 0)


def test_another_organizations_site_is_unknown(world: World) -> None:
    with pytest.raises(NotFoundError):
        advertising.claims(Caller.system("org_other"), world.lake.site_id, ClaimsAsk())
    with pytest.raises(InvalidError):
        advertising.coverage(world.who, world.lake.site_id, period="sometimes")


def _coverage(world: World):  # type: ignore[no-untyped-def]
    world.answer()
    return advertising.coverage(world.who, world.lake.site_id, period=PERIOD, model="LINEAR", clock=lambda: NOW_MS)


def test_the_campaign_with_the_most_money_and_no_visits_is_first(world: World) -> None:
    world.account(GOOGLE)
    for campaign_id, name in (("111", "Silent"), ("222", "Known"), ("333", "Cheap")):
        world.campaign(GOOGLE, campaign_id, (name, "2026-09-01T00:00:00Z"))
    world.numbers(GOOGLE, "333", 5)
    world.numbers(GOOGLE, "111", 500)
    world.numbers(GOOGLE, "222", 900)
    world.visit("t", GOOGLE, "222")

    found = _coverage(world)

    assert [(one.name, one.spend_micros) for one in found.campaigns] == [("Silent", 500_000_000), ("Cheap", 5_000_000)]
    assert found.by_evidence == (EvidenceCount("URL_ID", 1),)


def test_visits_without_a_campaign_are_listed_by_what_they_earned(world: World) -> None:
    world.account(GOOGLE)
    world.campaign(GOOGLE, "111", ("Spring Sale 2026", "2026-09-01T00:00:00Z"))
    world.visit("poor", GOOGLE, evidence="UNKNOWN", campaign="brand")
    world.visit("rich", GOOGLE, evidence="AMBIGUOUS", campaign="spring-sale", candidates=2)
    world.orders(2, "rich", prefix="r")
    world.orders(1, "poor", prefix="p")

    found = _coverage(world).visits

    assert [(one.campaign, one.evidence, one.visits, one.conversions, one.revenue_micros) for one in found] == [
        ("spring-sale", "AMBIGUOUS", 1, 2.0, 20_000_000),
        ("brand", "UNKNOWN", 1, 1.0, 10_000_000),
    ]
    # AND the campaign that is called alike is offered
    assert [[choice.name for choice in one.choices] for one in found] == [["Spring Sale 2026"], []]


def test_visits_whose_id_and_name_differ_are_listed(world: World) -> None:
    world.account(GOOGLE)
    for campaign_id, name in (("111", "By id"), ("222", "By name")):
        world.campaign(GOOGLE, campaign_id, (name, "2026-09-01T00:00:00Z"))
    world.visit("t", GOOGLE, "111", conflict=f"{GOOGLE} 901 222", campaign="by-name")

    (conflict,) = _coverage(world).conflicts

    assert (conflict.named, conflict.by_id.name, conflict.by_name.name, conflict.visits) == (
        "by-name",
        "By id",
        "By name",
        1,
    )


def test_what_a_platform_accepted_and_does_not_claim_is_counted_when_it_claims_nothing_too(world: World) -> None:
    """Case 22: with feedback on, what was accepted and is not claimed is listed."""
    world.account(GOOGLE)
    world.campaign(GOOGLE, "111", ("Spring", "2026-01-01T00:00:00Z"))
    world.numbers(GOOGLE, "111", claimed_count=6, claimed_by_conversion_day=6)
    world.told(GOOGLE, 10)
    world.told(GOOGLE, 3, "REJECTED")
    world.told(META, 4)

    found = world.claims()

    assert {name: (one.accepted, one.accepted_not_claimed) for name, one in found.items()} == {
        GOOGLE: (10, 4),
        META: (4, 4),
    }
    stranger = Caller.system("org_01JB0000000000000000000001")
    with pytest.raises(NotFoundError):
        advertising.claims(stranger, world.lake.site_id, ClaimsAsk(period=PERIOD, model="LINEAR"), clock=lambda: NOW_MS)
