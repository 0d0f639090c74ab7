"""Jobs, what days were credited from, and versions of settings and fits, in the table."""

import json
from dataclasses import asdict

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.attribution.contracts import (
    AttributionSettings,
    ConversionType,
    CustomWeights,
    Job,
    JobStatus,
    LearntFit,
    LearntModel,
    LearntShare,
    Model,
    Verdict,
)
from optiq.kernel import keys
from optiq.kernel.table import Record


class JobRecord(Record):
    """A recomputation. The finished partitions are a set, so a repeated task counts once."""

    job_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    status = UnicodeAttribute()
    from_day = UnicodeAttribute()
    to_day = UnicodeAttribute()
    created_ms = NumberAttribute()
    whole = BooleanAttribute(default=False)
    days_total = NumberAttribute(default=0)
    days_done = UnicodeSetAttribute(null=True)
    days_unchanged = NumberAttribute(default=0)
    conversions = NumberAttribute(default=0)
    changed = NumberAttribute(default=0)
    reason = UnicodeAttribute(default="")

    @classmethod
    def of(cls, job: Job) -> "JobRecord":
        key = keys.job(job.organization_id, job.job_id)
        return cls(
            key.pk,
            key.sk,
            job_id=job.job_id,
            organization_id=job.organization_id,
            site_id=job.site_id,
            status=job.status.value,
            from_day=job.from_day,
            to_day=job.to_day,
            created_ms=job.created_ms,
            whole=job.whole,
        )

    def contract(self) -> Job:
        return Job(
            job_id=self.job_id,
            organization_id=self.organization_id,
            site_id=self.site_id,
            status=JobStatus(self.status),
            from_day=self.from_day,
            to_day=self.to_day,
            created_ms=int(self.created_ms),
            whole=self.whole,
            days_total=int(self.days_total),
            days_done=len(self.days_done or ()),
            days_unchanged=int(self.days_unchanged),
            conversions=int(self.conversions),
            changed=int(self.changed),
            reason=self.reason,
        )


class CreditedDayRecord(Record):
    """What a site's UTC day was last credited from."""

    day = UnicodeAttribute()
    stamp = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, site_id: str, day: str, stamp: str) -> "CreditedDayRecord":
        key = keys.credited_day(organization_id, site_id, day)
        return cls(key.pk, key.sk, day=day, stamp=stamp)


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
