"""`optiq recompute`: start a job, and show its progress."""

import time

import click

from optiq_cli.client import Client, Document, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import for_people, print_json

_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 0.2, 2.0
_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


@click.command()
@click.argument("site_id")
@click.option("--from", "from_day", required=True, help="First day, such as 2026-01-01.")
@click.option("--to", "to_day", required=True, help="Last day, included.")
@click.option("--whole", is_flag=True, help="Include days without changes since their last credit.")
@json_option
@connection_options(hidden=True)
def recompute(site_id: str, from_day: str, to_day: str, whole: bool, as_json: bool) -> None:
    """Rebuild the credits of a site's conversions, and wait for it. Ctrl-C cancels it."""
    client = System().of_site(site_id)
    body = {"from": from_day, "to": to_day, "whole": whole}
    job = client.post(f"/v1/sites/{segment(site_id)}/attribution/recompute", body)
    try:
        job = _followed(client, job)
    except KeyboardInterrupt:
        job = client.post(f"/v1/jobs/{segment(job['job_id'])}/cancel", {})
    if as_json:
        print_json(job)
    job = for_people(job)
    if job["status"] == "FAILED":
        raise click.ClickException(f"the job {job['job_id']} failed: {job['reason']}")
    if job["status"] == "CANCELLED":
        raise click.ClickException(
            f"the job {job['job_id']} is cancelled, {job['days_done']} of {job['days']} days done"
        )
    if not as_json:
        _print(job)


def _print(job: Document) -> None:
    unchanged = f" {job['days_unchanged']} days are unchanged." if job["days_unchanged"] else ""
    click.echo(f"{job['conversions']} conversions checked, {job['changed']} got new credits.{unchanged}")
    for path in job["damaged_files"]:
        click.echo(f"Left out: {path}, a damaged file.")


def _followed(client: Client, job: Document) -> Document:
    """The job after it ends; shows its progress meanwhile."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("Recomputing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days, {task.fields[conversions]:,} conversions, {task.fields[changed]:,} got new credits"),
        TimeElapsedColumn(),
    )
    wait = _FIRST_POLL_SECONDS
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None, conversions=0, changed=0)
        while job["status"] not in _ENDED:
            time.sleep(wait)
            wait = min(_LONGEST_POLL_SECONDS, wait * 1.5)
            job = client.get(f"/v1/jobs/{segment(job['job_id'])}")
            counts = {name: job[name] for name in ("conversions", "changed")}
            progress.update(bar, total=job["days"] or None, completed=job["days_done"], **counts)
    return job
