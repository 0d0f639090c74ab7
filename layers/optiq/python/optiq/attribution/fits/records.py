"""Versions of fits in the table."""

import json
from dataclasses import asdict

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.attribution import keys
from optiq.attribution.fits.contracts import LearntFit
from optiq.kernel.table import Record

_FIT = TypeAdapter(LearntFit)


class FitRecord(Record):
    """A version of what was learnt of a site's paths; never changed."""

    version = NumberAttribute()
    created_ms = NumberAttribute()
    fit = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, site_id: str, fit: LearntFit) -> "FitRecord":
        key = keys.fit(organization_id, site_id, fit.version)
        return cls(key.pk, key.sk, version=fit.version, created_ms=fit.created_ms, fit=json.dumps(asdict(fit)))

    def contract(self) -> LearntFit:
        return _FIT.validate_json(self.fit)
