"""Every migration, in order. A change of what is stored that older data does not have adds one at the end."""

from collections.abc import Iterator

from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.journeys.upgrading import api as journeys
from optiq.links.upgrading import api as links
from optiq.tenancy.upgrading import api as tenancy
from optiq.upgrades.contracts import Migration, Step


def _rename_in_lake(_cursor: str) -> Iterator[str]:
    return journeys.rename_in_lake((TOUCHES, CONVERSIONS, CREDITS))


MIGRATIONS = (
    # 0.2.0 numbered no pages of histories, and its ids of visits and conversions sort otherwise within an instant.
    Migration(
        version=1,
        optiq="0.3.0",
        steps=(
            Step("customers", "customers", journeys.convert_customers),
            Step("conversions", "conversions", journeys.move_conversions),
            Step("successors", "later reports of conversions", journeys.name_successors),
            Step("orders", "orders", journeys.move_orders),
            Step("lake", "files of the lake", _rename_in_lake),
            Step("names", "people", journeys.name_customers),
            Step("clicks", "clicks of links", links.move_clicks),
            Step("domains", "domains of sites", tenancy.note_domains),
            Step("invitations", "invitations", tenancy.expect_invited),
        ),
    ),
)
