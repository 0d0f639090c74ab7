"""The attribution context's entrance.

Each function imports what it needs when it is called: numpy for crediting, pyarrow for the lake, the table for
records. What attributes paths in files and in memory needs neither table nor AWS (`files/`).

Use cases take a `Caller`. What credits arrivals and the tasks of the recompute workflow take ids: nobody asks for them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from optiq.attribution.contracts import AttributionSettings, Explanation, Landings, Model, ModelVerdict
from optiq.attribution.files import api as files
from optiq.attribution.fits.contracts import LearntFit
from optiq.attribution.recomputing.contracts import Job, Partition, PartitionOutcome
from optiq.kernel.clock import DAY_MS, day_bounds, day_of, parse_as_of, parse_timezone, system_clock
from optiq.kernel.ids import id_from, new_id

if TYPE_CHECKING:
    from optiq.journeys.contracts import ConversionRef
    from optiq.kernel.caller import Caller

NIGHTLY_DAYS = 3
attribute_file = files.attribute_file
attribute_paths = files.attribute_paths
attribute_parquet = files.attribute_parquet
attribute_raw = files.attribute_raw


def credit_arrivals(refs: "Sequence[ConversionRef]") -> None:
    """Credits these conversions by every model, in the lake. May be repeated.

    Conversions that no longer exist are passed over; credits of a later revision count for more than others.
    """
    from optiq.attribution import service

    service.credit_arrivals(refs, system_clock())


def explain_conversion(caller: "Caller", site_id: str, conversion_id: str, *, as_of: str = "") -> Explanation:
    """A conversion, its path, every model's credits, what was left out, and what joined its customers.

    `as_of`: a day in the site's timezone or an RFC 3339 instant; the credits are those the ledger held then.

    Raises:
        NotFoundError: there is no such conversion. InvalidError: `as_of` is neither.
        UpstreamError: the lake could not be read.
    """
    from optiq.attribution import explaining
    from optiq.tenancy import api as tenancy

    timezone = parse_timezone(tenancy.get_site(caller.organization_id, site_id).timezone)
    as_of_ms = parse_as_of(as_of, timezone, system_clock())
    return explaining.explain(caller.organization_id, site_id, conversion_id, as_of_ms)


def landings_of(caller: "Caller", site_id: str, name: str, value: str) -> Landings:
    """The visitors whose visit began with a click id, such as `optiq_link`, and what they earned under every model.

    The name and the value are those of Optiq itself, never what somebody sent. Raises UpstreamError.
    """
    from optiq.attribution import landings

    return landings.landings_of(caller.organization_id, site_id, name, value)


def get_settings(caller: "Caller", site_id: str) -> AttributionSettings:
    """How a site's conversions are credited, as it stands. Raises NotFoundError."""
    from optiq.attribution import settings
    from optiq.tenancy import api as tenancy

    tenancy.get_site(caller.organization_id, site_id)
    return settings.current(caller.organization_id, site_id)


def settings_versions(caller: "Caller", site_id: str) -> list[AttributionSettings]:
    """Every version, the one in force first. Raises NotFoundError."""
    from optiq.attribution import settings
    from optiq.tenancy import api as tenancy

    tenancy.get_site(caller.organization_id, site_id)
    return settings.versions(caller.organization_id, site_id)


def set_settings(
    caller: "Caller", site_id: str, wanted: AttributionSettings, *, expected_version: int | None = None
) -> tuple[AttributionSettings, bool]:
    """Makes these a site's settings, for what is credited from then on; all of them, `version` and `created_ms` aside.

    Also says whether credits that stand may come out different by them: a recomputation makes them so.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name. NotFoundError: there is no such site.
        ConflictError: the settings are not of the version expected, or were changed at the same time.
    """
    from optiq.attribution import settings
    from optiq.tenancy import api as tenancy

    site = tenancy.current_site(caller.organization_id, site_id)
    return settings.store(caller, site, wanted, expected_version, system_clock())


def get_fit(caller: "Caller", site_id: str) -> LearntFit | None:
    """What the data-driven models learnt of a site's paths; None before anything was. Raises NotFoundError."""
    from optiq.attribution.fits import api as fits
    from optiq.tenancy import api as tenancy

    tenancy.get_site(caller.organization_id, site_id)
    return fits.current(caller.organization_id, site_id)


def verdicts(caller: "Caller", site_id: str, models: Sequence[Model]) -> dict[Model, ModelVerdict]:
    """Of those of the models that learn, whether what they learnt of the site's paths is enough to credit by."""
    from optiq.attribution.fits import api as fits

    return fits.verdicts(caller.organization_id, site_id, models)


def start_recompute(caller: "Caller", site_id: str, *, from_day: str, to_day: str, whole: bool = False) -> Job:
    """Starts rebuilding the credits of a site's conversions from `from_day` to `to_day`, both included.

    Days are YYYY-MM-DD in the site's timezone. Those of which nothing changed since they were last credited are passed
    over, unless the `whole` range is asked for.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: not two days in order, or too many.
        UpstreamError: the workflow was not started.
    """
    from optiq.attribution.recomputing import jobs

    now_ms = system_clock()
    return jobs.start(caller, site_id, from_day, to_day, new_id("job", now_ms), now_ms, whole=whole)


def start_nightly_recomputes(now_ms: int) -> list[Job]:
    """Starts a recomputation of the last days for every site, once a UTC day however often it is called."""
    from optiq.attribution.recomputing import jobs
    from optiq.kernel.caller import Caller
    from optiq.tenancy import api as tenancy

    utc = parse_timezone("UTC")
    today = day_of(now_ms, utc)
    midnight_ms, _ = day_bounds(today, today, utc)
    started = []
    for site in tenancy.all_sites():
        timezone = parse_timezone(site.timezone)
        first, last = (day_of(now_ms - ago * DAY_MS, timezone).isoformat() for ago in (NIGHTLY_DAYS, 0))
        job_id = id_from("job", midnight_ms, site.site_id, "nightly")
        system = Caller.system(site.organization_id)
        started.append(jobs.start(system, site.site_id, first, last, job_id, now_ms, audited=False))
    return started


def get_job(caller: "Caller", job_id: str) -> Job:
    """Raises NotFoundError."""
    from optiq.attribution.recomputing import jobs

    return jobs.get(caller.organization_id, job_id)


def cancel_job(caller: "Caller", job_id: str) -> Job:
    """Stops a job: what is not written yet stays as it was.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: it has ended already.
    """
    from optiq.attribution.recomputing import jobs

    return jobs.cancel(caller, job_id)


def fit_models(organization_id: str, job_id: str) -> LearntFit:
    """Learns of the job's site what the data-driven models need, as the next version unless it says the same.

    What was learnt of the same data before is not learnt again.

    Raises:
        NotFoundError: there is no such job. UpstreamError: the lake could not be read.
        ConflictError: another fit was kept at the same time.
    """
    from optiq.attribution import learning, terms
    from optiq.attribution.fits import api as fits
    from optiq.attribution.recomputing import jobs
    from optiq.tenancy import api as tenancy

    job = jobs.get(organization_id, job_id)
    site = tenancy.get_site(organization_id, job.site_id)
    lesson = learning.lesson(site, terms.current(site), system_clock())
    standing = fits.current(organization_id, site.site_id)
    if standing and standing.learnt_from == lesson.name:
        return standing
    return fits.keep(organization_id, site.site_id, learning.learn(lesson))


def plan_recompute(organization_id: str, job_id: str) -> list[Partition]:
    """What a job has to work through; marks it RUNNING. Raises NotFoundError and UpstreamError."""
    from optiq.attribution.recomputing import planning

    return planning.plan(organization_id, job_id)


def recompute_partition(partition: Partition) -> PartitionOutcome:
    """Rebuilds the credits of some days; a repetition changes nothing more. Raises NotFoundError and UpstreamError."""
    from optiq.attribution.recomputing import partitions

    return partitions.recompute_partition(partition)


def finish_recompute(organization_id: str, job_id: str, failures: Sequence[str]) -> Job:
    """Marks a job SUCCEEDED, or FAILED because of these, unless it is CANCELLED. Raises NotFoundError."""
    from optiq.attribution.recomputing import jobs

    return jobs.finish(organization_id, job_id, failures)
