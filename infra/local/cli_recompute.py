"""`optiq recompute`: start a job, do the worker's part where no worker runs, and show how far it is."""

import threading
import time
from typing import TYPE_CHECKING

import click

from infra.local.cli_options import command_in_use, home_option, one_line_errors

if TYPE_CHECKING:
    from optiq.attribution.recomputing.contracts import Job

_POLL_SECONDS = 0.2
_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


@click.command()
@click.argument("site_id")
@click.option("--from", "from_day", required=True, help="First day, such as 2026-01-01.")
@click.option("--to", "to_day", required=True, help="Last day, included.")
@click.option("--whole", is_flag=True, help="Also the days of which nothing changed since they were last credited.")
@home_option
@one_line_errors
def recompute(site_id: str, from_day: str, to_day: str, whole: bool, home: str) -> None:
    """Rebuild the credits of a site's conversions, and wait for it. Ctrl-C cancels it."""
    from infra.local.system import attach

    with attach(home) as running:
        from optiq.attribution import api as attribution
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        organization_id = tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id
        job = attribution.start_recompute(organization_id, site_id, from_day, to_day, whole=whole)
        if running is None:
            _run_workflows_here()
        try:
            job = _followed(job)
        except KeyboardInterrupt:
            job = attribution.cancel_job(organization_id, job.job_id)
    if job.status == "FAILED":
        raise click.ClickException(f"the job {job.job_id} failed: {job.reason}")
    if job.status == "CANCELLED":
        raise click.ClickException(f"the job {job.job_id} is cancelled, {job.days_done} of {job.days_total} days done")
    unchanged = f" {job.days_unchanged} days are unchanged." if job.days_unchanged else ""
    click.echo(f"{job.conversions} conversions looked at, {job.changed} got new credits.{unchanged}")
    for path in job.damaged_files:
        click.echo(f"Left out: {path}, a file that cannot be read.")


def _run_workflows_here() -> None:
    """Does the worker's part in a thread, because no worker runs."""
    from optiq.kernel.settings import settings

    from infra.local.workflow_runner import WorkflowRunner

    runner = WorkflowRunner(settings().stream)
    threading.Thread(target=runner.run, args=(threading.Event(),), daemon=True).start()


def _followed(job: "Job") -> "Job":
    """The job once it has ended; its progress is shown meanwhile."""
    from optiq.attribution import api as attribution
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("Recomputing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days, {task.fields[conversions]:,} conversions, {task.fields[changed]:,} got new credits"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None, conversions=0, changed=0)
        while job.status not in _ENDED:
            time.sleep(_POLL_SECONDS)
            job = attribution.get_job(job.organization_id, job.job_id)
            progress.update(
                bar,
                total=job.days_total or None,
                completed=job.days_done,
                conversions=job.conversions,
                changed=job.changed,
            )
    return job
