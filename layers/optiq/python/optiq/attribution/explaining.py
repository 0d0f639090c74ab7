"""Why a conversion is credited as it is."""

from optiq.attribution import path as paths
from optiq.attribution.contracts import ConversionCredits, CreditStatus, Explanation
from optiq.attribution.records import CreditsRecord
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion, ConversionPath, ConversionRef
from optiq.kernel import keys
from optiq.tenancy import api as tenancy


def explain(organization_id: str, site_id: str, conversion_id: str) -> Explanation:
    """Raises NotFoundError when the organization has no such site, or the site no such conversion."""
    site = tenancy.get_site(organization_id, site_id)
    conversion = journeys.get_conversion(organization_id, site_id, conversion_id)
    reference = ConversionRef(organization_id, site_id, conversion.customer_id, conversion_id)
    history = next(iter(journeys.conversion_paths([reference])), ConversionPath(conversion, ()))
    credited = _credits_of(conversion)
    path = credited.path if credited else paths.path_of(history, site.lookback_days)
    return Explanation(
        path=path,
        status=CreditStatus.COMPUTED if credited else CreditStatus.PENDING,
        credits=credited,
        left_out=paths.left_out(path, history.touches),
        late=history.late,
    )


def _credits_of(conversion: Conversion) -> ConversionCredits | None:
    """The credits of the conversion's present revision, if they are computed."""
    key = keys.conversion_credits(conversion.organization_id, conversion.site_id, conversion.conversion_id)
    try:
        record = CreditsRecord.get(key.pk, key.sk)
    except CreditsRecord.DoesNotExist:
        return None
    return record.contract(conversion) if record.revision >= conversion.revision else None
