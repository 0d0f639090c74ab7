"""A tenant with something of everything, and what of it is left anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optiq.deletion import api as deletion
from optiq.deletion.contracts import Deletion
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.item_owners import owned
from optiq.kernel.settings import settings
from optiq.kernel.table import Record
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite, Site

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.functional.tenancy.organizations import Company, one_of_each

AFTER_THE_WAIT_MS = 15 * DAY_MS


@dataclass
class Tenant:
    """An organization with two sites of which one got events, and one thing of each kind that has a route."""

    company: Company = field(default_factory=Company)

    def __post_init__(self) -> None:
        self.organization_id = self.company.organization_id
        self.ids = one_of_each(self.company)
        by = tenancy.operator(self.organization_id)
        self.made: NewSite = tenancy.create_site(
            name="Shop", domains=["shop.example"], organization_id=self.organization_id
        )
        self.site: Site = self.made.site
        self.other_site: Site = tenancy.add_site(by, name="Other Shop", domains=["other.example"])
        self.send(self.made)

    def send(self, made: NewSite) -> None:
        """A visit with a conversion, and an event that fails."""
        pipeline = Pipeline()
        send_beacon(made, {"url": "https://shop.example/?utm_source=x"}, {"kind": "track", "name": "purchase"})
        send_segment(made, "track", {"event": "", "anonymousId": "a1"})
        pipeline.drain()

    def ask(self, kind: Any, target_id: str, name: str) -> Deletion:
        return deletion.ask(self.company.actor(), kind, target_id, name=name)


def run(
    asked: Deletion, *, later_ms: int = AFTER_THE_WAIT_MS, each_piece: bool = False, once: bool = False
) -> Deletion:
    """Carries a deletion out after its wait; `each_piece` ends a step after one piece, `once` makes one step alone."""

    def clock() -> int:
        return system_clock() + later_ms

    while True:
        found = deletion.step(asked.organization_id, asked.deletion_id, stop=lambda: each_piece, clock=clock)
        if once or found.status != "RUNNING":
            return found


def table_items() -> Iterator[dict[str, Any]]:
    """Every item as the table has it."""
    start = None
    while True:
        answer = Record._get_connection().scan(exclusive_start_key=start, consistent_read=True)
        yield from answer["Items"]
        start = answer.get("LastEvaluatedKey")
        if not start:
            return


def items_with(text: str) -> dict[tuple[str, str], str]:
    """The entity of each item that has a text anywhere, by its key."""
    found = {}
    for raw in table_items():
        if text in repr(raw):
            item = owned(raw).item
            found[raw["pk"]["S"], raw["sk"]["S"]] = item.entity if item else "unknown"
    return found


def files_with(text: str) -> list[str]:
    """The lake's files that have a text in their path or their bytes."""
    files = [file for file in Path(settings().lake).rglob("*") if file.is_file()]
    return [str(file) for file in files if text in str(file) or text.encode() in file.read_bytes()]


def mails_with(text: str) -> list[str]:
    """The files of the outbox folder that have a text in their name or bytes."""
    files = Path(settings().mail_carrier).glob("*.eml")
    return [file.name for file in files if text in file.name or text.encode() in file.read_bytes()]
