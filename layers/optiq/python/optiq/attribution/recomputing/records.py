"""Jobs, and what days were credited from, in the table."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.attribution import keys
from optiq.attribution.recomputing.contracts import Job, JobStatus
from optiq.kernel.background_jobs import Attempt
from optiq.kernel.table import Record, whole_or_none


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
    damaged_files = UnicodeSetAttribute(null=True)
    ended_ms = NumberAttribute(null=True)
    past = JSONAttribute(null=True)

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
            damaged_files=tuple(sorted(self.damaged_files or ())),
            ended_ms=whole_or_none(self.ended_ms),
            past=tuple(Attempt(**one) for one in self.past or ()),
        )


class CreditedDayRecord(Record):
    """What a site's UTC day was last credited from."""

    day = UnicodeAttribute()
    stamp = UnicodeAttribute()
