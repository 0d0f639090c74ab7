"""Tables of costs: all or nothing, once, restated by a corrected one, and counted once beside a connection."""

import json
from typing import Any

import pytest
from optiq.ads import api as ads
from optiq.ads.contracts import ImportedCosts
from optiq.ads.lake import AD_METRICS
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.ports import wiring

from functions.ads.routes import handler
from tests.functional.ads.connected import caller
from tests.functional.ads.synced import Synced, row
from tests.functional.ads.test_costs_in_questions import D, M, ask, lake, synced, table
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake

__all__ = ["lake", "synced"]

pytestmark = pytest.mark.usefixtures("table")
HEAD = "date,source,medium,campaign,cost,currency,impressions,clicks\n"
THREE = (
    HEAD + "2026-10-01,google,cpc,111,120.00,EUR,1000,40\n"
    "2026-10-01,newsletter,email,autumn,49.90,EUR,,\n"
    "2026-10-02,newsletter,email,autumn,50.10,EUR,,\n"
)
NONE: dict[str, int] = {}


def files(organization_id: str) -> int:
    return sum(1 for _ in wiring.lake().files(AD_METRICS.name, organization_id))


def test_one_bad_line_of_three_stores_nothing(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    make_site()
    with pytest.raises(InvalidError) as raised:
        ads.import_costs(caller(organization_id), site_id, THREE.replace("49.90", "much").replace("50.10", "-1"))
    assert str(raised.value) == (
        'csv: line 3: cost: must be a number such as "49.90"; line 4: cost: must not be below 0'
    )
    assert files(organization_id) == 0


def test_the_same_table_again_changes_nothing_and_a_corrected_one_does(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    make_site()
    who = caller(organization_id)
    assert ads.import_costs(who, site_id, THREE) == ImportedCosts(3, 0, 0, 0, NONE)
    written = files(organization_id)
    # The same in another form: other order of lines, semicolons, a byte order mark, empty lines.
    first, *lines = THREE.splitlines()
    again = "\ufeff" + "\n\n".join((first, *reversed(lines))).replace(",", ";") + "\n"
    for text in (THREE, again):
        assert ads.import_costs(who, site_id, text) == ImportedCosts(0, 0, 3, 0, NONE)
    assert files(organization_id) == written
    assert ads.import_costs(who, site_id, THREE.replace("49.90", "39.90")) == ImportedCosts(0, 1, 2, 0, NONE)


def test_what_a_connected_account_has_too_counts_once(synced: Synced, lake: TestLake) -> None:
    # GIVEN 120.00 of a campaign that a connected account tells, and the same by hand
    synced.rows(row(D, "111", 120, clicks=40))
    synced.pull(from_day=D, to_day=D)
    assert ads.import_costs(synced.who, lake.site_id, THREE) == ImportedCosts(3, 0, 0, 1, {"EUR": 120 * M})

    # THEN it counts once, and the answer tells of the other
    found = ask(synced, lake, "spend", "clicks", dimensions=("campaign",))
    assert table(found) == {("111",): (120 * M, 40), ("autumn",): (49_900_000, 0)}
    assert found.totals.values == (169_900_000, 40)
    assert [one.text for one in found.notes if one.kind == "SUPERSEDED"] == [
        "120.00 EUR of costs that were sent by hand are not counted: connected accounts have the same campaigns on the"
        " same days."
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "csv: line 1: must name the columns date, source, medium, campaign, cost, currency, and may name"),
        ("date,source\n", "csv: line 1: must name the columns"),
        (HEAD.replace("clicks", "taps"), "taps is unknown"),
        (HEAD, "csv: send 1 to 10000 lines"),
        (HEAD + "2026-10-01,a,b,c,1,EUR\n", "csv: line 2: has 6 columns, not 8"),
        (HEAD + "01.10.2026,a,b,c,1,EUR,,\n", "csv: line 2: "),
        (HEAD + "2026-10-01,,b,c,1,EUR,,\n", "csv: line 2: source: must have 1 to 500 characters"),
        (HEAD + "2026-10-01,a,b,c,1,EURO,,\n", "csv: line 2: "),
        (HEAD + "2026-10-01,a,b,c,1,EUR,1.5,\n", "csv: line 2: impressions: must be a whole number such as 40"),
        (HEAD + "2026-10-01,a,b,c,1,EUR,,\n" * 2, "csv: line 3: the same day and campaign as line 2"),
        (HEAD + "x,a,b,c,1,EUR,,\n" * 12, "and 2 more lines"),
    ],
)
def test_a_table_that_cannot_be_names_its_lines(
    make_site: SiteMaker, organization_id: str, site_id: str, text: str, wrong: str
) -> None:
    make_site()
    with pytest.raises(InvalidError) as raised:
        ads.import_costs(caller(organization_id), site_id, text)
    assert wrong in str(raised.value)


def test_another_organizations_site_takes_no_table(make_site: SiteMaker, site_id: str) -> None:
    make_site()
    with pytest.raises(NotFoundError):
        ads.import_costs(caller("org_other"), site_id, THREE)


def test_a_table_is_imported_over_http(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    make_site()

    def post(csv: str) -> tuple[int, dict[str, Any]]:
        path = f"/v1/sites/{site_id}/ad-metrics/import"
        return answer(handler(request(path, organization_id, method="POST", body=json.dumps({"csv": csv})), None))

    assert post(THREE) == (
        200,
        {"added": 3, "restated": 0, "unchanged": 0, "superseded": 0, "superseded_spend": []},
    )
    status, problem = post(THREE.replace("49.90", "much"))
    assert (status, problem["detail"]) == (400, 'csv: line 3: cost: must be a number such as "49.90"')
