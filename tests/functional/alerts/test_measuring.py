"""What rules read of a lake: several parts of a site by one question, as each by itself."""

from datetime import date

import pytest
from optiq.alerts.sweeping.measuring import Scope, measure, measure_parts, part_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.reports.questions.api import Filter
from optiq.tenancy import api as tenancy

from tests.functional.reports.conftest import SiteMaker, make_site
from tests.functional.reports.lake import Part

__all__ = ["make_site"]

pytestmark = pytest.mark.usefixtures("table")
LAST = date(2026, 1, 20)
NOW_MS = from_rfc3339("2026-01-20T12:00:00Z")


def of(*values: str, dimension: str = "channel") -> Scope:
    return Scope(((Filter(dimension, "is", values),),))


def test_parts_that_are_asked_together_have_the_numbers_of_each(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    lake = make_site()
    for day, channels in ((3, ("Email", "Direct")), (4, ("Email",)), (9, ("Direct", "Direct", "Display"))):
        at = f"2026-01-{day:02}T10:00:00Z"
        lake.write_credits(
            *(lake.credit(f"c{day}-{n}", at, [Part(one, 1.0, 7_000_000)]) for n, one in enumerate(channels))
        )
    site = tenancy.get_site(organization_id, site_id)
    caller, metrics = Caller.system(organization_id), ["conversions", "revenue"]
    parts = {name: of(name) for name in ("Email", "Direct", "Referral")}

    together = measure_parts(caller, site, parts, metrics, LAST, NOW_MS)

    for scope in parts.values():
        assert together[scope].days == measure(caller, site, scope, metrics, LAST, NOW_MS).days
    assert [day.value("revenue") for day in together[parts["Direct"]].days if day.value("revenue")] == [7, 14]
    assert together[parts["Referral"]].days == ()


def test_only_one_value_of_one_dimension_is_a_part() -> None:
    assert part_of(of("Email")) == ("channel", "Email")
    for scope in (
        Scope(()),
        of("Email", "Direct"),
        Scope(((Filter("channel", "is_not", ("Email",)),),)),
        Scope(((Filter("channel", "is", ("Email",)),), (Filter("campaign", "is", ("a",)),))),
        Scope(((Filter("channel", "is", ("Email",)), Filter("campaign", "is", ("a",))),)),
        Scope(((Filter("channel", "is", ("Email",)),),), segments=("view_1",)),
    ):
        assert part_of(scope) is None
