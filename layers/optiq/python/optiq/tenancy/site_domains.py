"""Which organization named a domain first: several may have sites on one, but only one may speak for it."""

import math

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.table import Put, put_each
from optiq.tenancy import keys
from optiq.tenancy.contracts import Site
from optiq.tenancy.records import SiteDomainRecord
from optiq.tenancy.stores import SITES


def note(site: Site, before: Site | None = None, clock: Clock = system_clock) -> None:
    """Keeps since when a site names its domains; those that it named before are kept already."""
    now_ms = clock()
    new = [domain for domain in site.domains if before is None or domain not in before.domains]
    put_each([Put(_record(site, domain, now_ms), SiteDomainRecord.pk.does_not_exist()) for domain in new])


def is_named_earlier_by_another(organization_id: str, host: str) -> bool:
    """Whether another organization's site has the host, one above or one below it, and had it before each site of this
    organization.
    """
    near = [record for record in SiteDomainRecord.query(keys.site_domains(host)) if _is_near(record.domain, host)]
    own = [record.since_ms for record in near if record.organization_id == organization_id]
    others = [record for record in near if record.organization_id != organization_id]
    return any(record.since_ms < min(own, default=math.inf) and _is_current(record) for record in others)


def _record(site: Site, domain: str, now_ms: int) -> SiteDomainRecord:
    return SiteDomainRecord(
        keys.site_domains(domain),
        f"{domain}#{site.site_id}",
        organization_id=site.organization_id,
        site_id=site.site_id,
        domain=domain,
        since_ms=now_ms,
    )


def _is_near(domain: str, host: str) -> bool:
    return domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}")


def _is_current(record: SiteDomainRecord) -> bool:
    site = SITES.find(record.organization_id, record.site_id)
    return site is not None and site.status == "ACTIVE" and record.domain in site.domains
