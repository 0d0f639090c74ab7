"""Versions of settings in the table."""

import json
from dataclasses import asdict

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.attribution import keys
from optiq.attribution.contracts import AttributionSettings
from optiq.kernel.table import Record

_SETTINGS = TypeAdapter(AttributionSettings)


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
        return _SETTINGS.validate_json(self.settings)
