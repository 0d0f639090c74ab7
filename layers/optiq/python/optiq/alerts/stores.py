"""What alerts keeps of a site in the table, besides rules and alerts."""

from collections.abc import Mapping

from optiq.alerts import keys
from optiq.alerts.contracts import AlertSettings
from optiq.audit.contracts import Json
from optiq.mail import api as mails
from optiq.store.api import Store, audited_fields


def _audited(settings: AlertSettings) -> Mapping[str, Json]:
    """Addresses are in the audit log as hashes, because an entry is never deleted."""
    fields = audited_fields(settings)
    del fields["changed_ms"]
    return fields | {"addresses": [mails.address_hash(address) for address in settings.addresses]}


SETTINGS = Store(AlertSettings, "alert settings", keys.settings, audited=_audited)


def settings_of(organization_id: str, site_id: str) -> AlertSettings:
    """A site's settings as they are now."""
    return SETTINGS.find(organization_id, site_id) or AlertSettings(organization_id, site_id)
