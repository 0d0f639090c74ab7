"""The journeys context: who the customers are, how they came, and what they did."""

from collections.abc import Callable, Sequence

from optiq.journeys import ageing, conversions, correcting, finding, order_listing, paths, persons
from optiq.journeys.agents import agent_text, is_bot
from optiq.journeys.channels import channel_named
from optiq.journeys.contracts import (
    Background,
    Conversion,
    ConversionPath,
    StreamMessage,
)
from optiq.journeys.customer_contracts import Customer, CustomerSummary, JourneyStatus, JourneySummary, JourneySweep
from optiq.journeys.customers import listing
from optiq.journeys.customers.table import Customers
from optiq.journeys.erasing.returning import current
from optiq.journeys.order_contracts import WaitingCorrection
from optiq.journeys.touch_contracts import CreditGuard, DimensionKind, DimensionValue, DryRun
from optiq.journeys.touches import credit_guard, dimensions, dry_run
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.paging import Page
from optiq.kernel.table import table_outages
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule

refund_conversion = correcting.refund_conversion
adjust_conversion = correcting.adjust_conversion
forget_conversions = ageing.forget_conversions
forget_facts = ageing.forget_facts


def take_in(messages: Sequence[StreamMessage]) -> None:
    """Takes one shard's batch of events into the histories of their customers; a replay changes nothing.

    Raises:
        UpstreamError: the batch must be delivered again.
    """
    # The consumer's part writes Parquet; who only reads conversions need not load what that takes.
    from optiq.journeys import service

    with table_outages():
        service.take_in(messages)


def take_in_held(stop: Callable[[], bool]) -> int:
    """Takes in events that were held, where there is room for them now; returns how many.

    Each batch is removed when it is taken in. What is taken in again, after a crash, changes nothing.

    Args:
        stop: whether to leave the rest to the next run.

    Raises:
        UpstreamError: try again.
    """
    from optiq.journeys import service

    with table_outages():
        return service.take_in_held(stop)


def conversion_paths(
    organization_id: str, site_id: str, conversion_ids: Sequence[str], window_days: int
) -> list[ConversionPath]:
    """Conversions as they stand now, with their customers' touches; ids of none are passed over.

    One that became a part of another (`part_of`) comes without touches: its credits stand no more.

    Args:
        window_days: how far before a conversion touches are wanted.
    """
    return list(paths.paths_of(tenancy.get_site(organization_id, site_id), conversion_ids, window_days))


def list_conversions(
    organization_id: str, site_id: str, limit: int, cursor: str | None, *, order_id: str = "", customer_id: str = ""
) -> Page[Conversion]:
    """A page of a site's conversions, newest first.

    Args:
        order_id: only those of this number. customer_id: only those of the person, of each of whose identifiers the
            latest 100 are known.

    Raises:
        NotFoundError: there is no such site. InvalidError: a cursor of another list.
    """
    site = tenancy.get_site(organization_id, site_id)
    if order_id or customer_id:
        return finding.page_of_found(site, order_id, customer_id, limit, cursor)
    return conversions.page(organization_id, site_id, limit, cursor)


def get_conversion(organization_id: str, site_id: str, conversion_id: str) -> Conversion:
    """Raises NotFoundError."""
    return conversions.get(organization_id, site_id, conversion_id)


def get_customer(organization_id: str, site_id: str, customer_id: str) -> Customer:
    """The person a customer belongs to, with what is known of them. Raises NotFoundError."""
    return persons.customer_of(tenancy.get_site(organization_id, site_id), customer_id, system_clock())


def person_hashes(organization_id: str, site_id: str, customer_id: str) -> tuple[str, ...]:
    """The keyed hashes of all identifiers of the person that a customer belongs to. Raises NotFoundError.

    Somebody who came back after an erasure has the same ones as before.
    """
    return persons.hashes_of(tenancy.get_site(organization_id, site_id), customer_id)


def find_customer(organization_id: str, site_id: str, identifier: str) -> Customer:
    """The person with a user id, mail address, phone number or other identifier that events named.

    Raises:
        NotFoundError: there is no such site. InvalidError: nobody of the site has it.
    """
    # The consumers of events do not need what collects them.
    from optiq.collect import api as collect

    site = tenancy.get_site(organization_id, site_id)
    for hashed in collect.hashes_of(organization_id, identifier):
        try:
            name = current(Customers(organization_id, site_id), f"cus_{hashed}").customer_id
            return persons.customer_of(site, name, system_clock())
        except NotFoundError:
            continue
    raise InvalidError("identifier: nobody on this site has it; use a user id, e-mail or phone number as it was sent")


def conversion_background(organization_id: str, site_id: str, conversion_id: str) -> tuple[ConversionPath, Background]:
    """A conversion as it stands now, and what stands behind it and its customer's touches.

    Raises:
        NotFoundError: there is no such conversion.
    """
    return persons.background(tenancy.get_site(organization_id, site_id), conversion_id)


def waiting_corrections(organization_id: str, site_id: str, limit: int, cursor: str | None) -> Page[WaitingCorrection]:
    """Refunds and changes of orders that nothing has reported, the oldest first.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a cursor we did not give.
    """
    return order_listing.waiting(tenancy.get_site(organization_id, site_id), limit, cursor)


def list_customers(organization_id: str, site_id: str, limit: int, cursor: str | None) -> Page[CustomerSummary]:
    """A page of a site's customers, the one active last first.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a cursor we did not give.
    """
    return listing.customers(tenancy.get_site(organization_id, site_id), limit, cursor)


def list_journeys(
    organization_id: str, site_id: str, status: JourneyStatus | None, limit: int, cursor: str | None
) -> Page[JourneySummary]:
    """A page of a site's journeys, of one status or all, the one that moved last first.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a cursor we did not give.
    """
    return listing.journeys(tenancy.get_site(organization_id, site_id), status, system_clock(), limit, cursor)


def sweep_journeys() -> JourneySweep:
    """Records of every site which of its journeys are abandoned, once, and takes back what moved on since.

    Another sweep at once, or after one that broke off, does what is left to do.

    Raises:
        UpstreamError: some sites were not swept; the others were.
    """
    from optiq.journeys import abandonment

    return abandonment.sweep(tenancy.all_sites(), system_clock())


def cut_link(
    organization_id: str, site_id: str, customer_id: str, other_customer_id: str, *, by: Caller | None = None
) -> None:
    """Says that two linked identifiers are not one person's; what each earned is worked out again.

    Args:
        by: who says so; without, it is the operator.

    Raises:
        NotFoundError: there is no such link.
        UpstreamError: others kept changing the same customers, or not all was told; cut it again.
    """
    from optiq.journeys.parting import part

    site = tenancy.get_site(organization_id, site_id)
    part(by or tenancy.operator(organization_id), site, customer_id, other_customer_id)


def classify_channel(organization_id: str, site_id: str, source: str, medium: str, campaign: str) -> str:
    """The channel a source, medium and campaign make on a site. Raises NotFoundError without such a site."""
    rules = tenancy.get_site(organization_id, site_id).channel_rules
    return channel_named(source, medium, campaign, rules)


def credit_kept(organization_id: str, site_id: str, from_day: str, to_day: str) -> CreditGuard:
    """What the guard against credit thieves kept for others on these days (the last 30 by default).

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: a range that cannot be.
        UpstreamError: the lake could not be read.
    """
    return credit_guard.credit_kept(tenancy.get_site(organization_id, site_id), from_day, to_day, system_clock())


def dry_run_channel_rules(organization_id: str, site_id: str, rules: Sequence[ChannelRule]) -> DryRun:
    """What these rules, tried before the default grouping, would change of the last 30 days' touches.

    Raises:
        InvalidError: a rule that cannot be. NotFoundError: the organization has no such site.
        UpstreamError: the lake could not be read.
    """
    site = tenancy.get_site(organization_id, site_id)
    return dry_run.dry_run(site, tenancy.check_channel_rules(rules), system_clock())


def dimension_values(
    organization_id: str, site_id: str, kind: DimensionKind, limit: int, cursor: str | None = None
) -> Page[DimensionValue]:
    """A page of the landing pages, referrers or UTM values seen on a site, the ones with the most touches first.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: a cursor of another list.
        UpstreamError: the lake could not be read.
    """
    return dimensions.dimension_values(tenancy.get_site(organization_id, site_id), kind, limit, cursor)


def is_robot(user_agent: str) -> bool:
    """Whether a user agent is a robot's by the public lists that reports go by."""
    return is_bot(agent_text(user_agent))
