"""Credits and jobs in the table."""

import json
import zlib
from dataclasses import fields
from operator import attrgetter
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.attribution.contracts import ConversionCredits, Credit, Job, JobStatus, Model, Path
from optiq.journeys.contracts import Conversion, Touch
from optiq.kernel import keys
from optiq.kernel.table import Put, Record

_TOUCH_FIELDS = [field.name for field in fields(Touch)]
_touch_values = attrgetter(*_TOUCH_FIELDS)


class CreditsRecord(Record):
    """All credits of one conversion with the path they were computed on: compact JSON, compressed.

    Half of write cost is size: compressed, a usual path costs one write unit instead of three.
    """

    revision = NumberAttribute()
    computed_ms = NumberAttribute()
    body = BinaryAttribute(legacy_encoding=False)

    @classmethod
    def put_of(cls, credited: ConversionCredits) -> Put:
        """Writes these credits unless those of a later (revision, computed_ms) stand already."""
        conversion = credited.path.conversion
        key = keys.conversion_credits(conversion.organization_id, conversion.site_id, conversion.conversion_id)
        record = cls(
            key.pk,
            key.sk,
            revision=conversion.revision,
            computed_ms=credited.computed_ms,
            body=zlib.compress(json.dumps(_to_json(credited), separators=(",", ":")).encode()),
        )
        newer = (
            cls.pk.does_not_exist()
            | (cls.revision < conversion.revision)
            | ((cls.revision == conversion.revision) & (cls.computed_ms <= credited.computed_ms))
        )
        return Put(record, newer)

    def contract(self, conversion: Conversion) -> ConversionCredits:
        """The credits of `conversion`, which must be the one they were computed for."""
        return _from_json(json.loads(zlib.decompress(self.body)), conversion, int(self.computed_ms))


def _to_json(credited: ConversionCredits) -> dict[str, Any]:
    return {
        "window_days": credited.path.window_days,
        "touches": [_touch_values(touch) for touch in credited.path.touches],
        "credits": {
            model: [[credit.weight for credit in shares], [credit.credit_micros for credit in shares]]
            for model, shares in credited.credits.items()
        },
    }


def _from_json(body: dict[str, Any], conversion: Conversion, computed_ms: int) -> ConversionCredits:
    touches = tuple(_touch(dict(zip(_TOUCH_FIELDS, row, strict=True))) for row in body["touches"])
    return ConversionCredits(
        path=Path(conversion=conversion, window_days=body["window_days"], touches=touches),
        credits={Model(name): tuple(map(Credit, *columns)) for name, columns in body["credits"].items()},
        computed_ms=computed_ms,
    )


def _touch(row: dict[str, Any]) -> Touch:
    return Touch(**{**row, "click_ids": tuple((name, value) for name, value in row["click_ids"])})


class JobRecord(Record):
    """A recomputation. The finished partitions are a set, so a repeated task counts once."""

    job_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    status = UnicodeAttribute()
    from_day = UnicodeAttribute()
    to_day = UnicodeAttribute()
    created_ms = NumberAttribute()
    days_total = NumberAttribute(default=0)
    days_done = UnicodeSetAttribute(null=True)
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
            days_total=int(self.days_total),
            days_done=len(self.days_done or ()),
            conversions=int(self.conversions),
            changed=int(self.changed),
            reason=self.reason,
        )
