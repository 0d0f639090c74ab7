"""Alert settings in the table."""

import json
from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record
from optiq.tenancy import keys
from optiq.tenancy.alerts.contracts import AlertRule, AlertSettings, QuietHours


class AlertSettingsRecord(Record):
    """A site's, as they stand. Versions before are not kept, as they hold addresses; the audit log says what
    changed."""

    version = NumberAttribute()
    settings = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, site_id: str, settings: AlertSettings) -> "AlertSettingsRecord":
        key = keys.alert_settings(organization_id, site_id)
        return cls(key.pk, key.sk, version=settings.version, settings=json.dumps(asdict(settings)))

    def contract(self) -> AlertSettings:
        said = json.loads(self.settings)
        parts = {
            "rules": tuple(AlertRule(**rule) for rule in said["rules"]),
            "members": tuple(said["members"]),
            "addresses": tuple(said["addresses"]),
            "quiet_hours": QuietHours(**said["quiet_hours"]) if said["quiet_hours"] else None,
        }
        return AlertSettings(**said | parts)
