"""Versions of fits in the table."""

import json
from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.attribution import keys
from optiq.attribution.contracts import Model, Verdict
from optiq.attribution.fits.contracts import LearntFit, LearntModel, LearntShare
from optiq.kernel.table import Record


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
        said = json.loads(self.fit)
        models = [
            LearntModel(
                Model(each["model"]),
                Verdict(each["verdict"]),
                each["reason"],
                tuple(LearntShare(**share) for share in each["channels"]),
            )
            for each in said["models"]
        ]
        return LearntFit(**said | {"models": tuple(models)})
