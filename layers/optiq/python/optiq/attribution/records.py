"""Versions of settings in the table."""

import json
from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.attribution import keys
from optiq.attribution.contracts import AttributionSettings, ConversionType, CustomWeights, Model
from optiq.kernel.table import Record


class SettingsRecord(Record):
    """A version of a site's attribution settings; never changed."""

    version = NumberAttribute()
    created_ms = NumberAttribute()
    settings = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, site_id: str, settings: AttributionSettings) -> "SettingsRecord":
        key = keys.attribution_settings(organization_id, site_id, settings.version)
        said = json.dumps(asdict(settings))
        return cls(key.pk, key.sk, version=settings.version, created_ms=settings.created_ms, settings=said)

    def contract(self) -> AttributionSettings:
        said = json.loads(self.settings)
        types = [
            ConversionType(**each | {"models": tuple(map(Model, each["models"]))}) for each in said["conversion_types"]
        ]
        changed = {
            "default_model": Model(said["default_model"]),
            "custom": CustomWeights(**said["custom"]) if said["custom"] else None,
            "conversion_types": tuple(types),
        }
        return AttributionSettings(**said | changed)
