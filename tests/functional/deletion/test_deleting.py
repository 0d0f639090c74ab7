"""Whatever is deleted goes with all that is its own, and nothing of anybody else's does."""

import zlib
from collections import Counter
from dataclasses import replace

import pytest
from optiq.audit import api as audit
from optiq.collect.ingest import api as ingest
from optiq.deletion import api as deletion
from optiq.deletion import running, table_items
from optiq.deletion.contracts import Deletion
from optiq.deletion.stored import progress
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.item_owners import names_an_owner, owned
from optiq.kernel.manifest import contexts
from optiq.tenancy import api as tenancy
from optiq.tenancy.groups import api as groups
from optiq.tenancy.stores import SITES

from tests.functional.deletion.tenants import Tenant, files_with, items_with, mails_with, run
from tests.functional.deletion.tenants import table_items as all_items
from tests.functional.subscribers import deliver_events
from tests.support.workflows import call_here, own_runner

pytestmark = pytest.mark.usefixtures("table")
STAYS = {"audit entry", "audit head", "audit chains", "deletion", "invoice"}
_COUNTS = {"attempts"}
"""It counts how often something was tried, and ends by itself."""


def test_deletion_of_an_organization_leaves_only_what_is_declared() -> None:
    # GIVEN two tenants with something of everything
    tenant, other = Tenant(), Tenant()
    deliver_events()
    others_before = items_with(other.organization_id), files_with(other.organization_id)
    assert files_with(tenant.organization_id)
    mailed = [sk.partition("#")[2] for _, sk in items_with(tenant.organization_id) if sk.startswith("DELIVERY#mail_")]
    assert any(mails_with(mail_id) for mail_id in mailed)

    # WHEN one is deleted
    done = run(tenant.ask("ORGANIZATION", tenant.organization_id, tenant.company.organization.name))

    # THEN nothing has its id but what outlives it
    assert (done.status, done.remaining) == ("DONE", 0)
    left = items_with(tenant.organization_id)
    assert set(left.values()) - _COUNTS == STAYS == done.kept.keys()
    assert files_with(tenant.organization_id) == []
    assert not any(mails_with(mail_id) for mail_id in mailed)
    # AND the proof says what went, and the audit log is intact
    assert {"customer", "failed event", "ad credential"} <= done.deleted.keys()
    assert audit.verify(tenant.organization_id).intact
    # AND the other tenant has what it had
    assert (items_with(other.organization_id), files_with(other.organization_id)) == others_before
    # AND the slug is free
    assert tenancy.create_organization(
        Caller.system(""), name="New", currency="EUR", slug=tenant.company.organization.slug
    )


def test_deletion_of_a_site_leaves_the_other_sites() -> None:
    # GIVEN a tenant with two sites that got events
    tenant = Tenant()
    site_id = tenant.site.site_id
    made = tenancy.create_site(name="Second", domains=["2.example"], organization_id=tenant.organization_id)
    tenant.send(made)
    other_id = made.site.site_id
    before = items_with(other_id), files_with(other_id)

    # WHEN one is deleted
    done = run(tenant.ask("SITE", site_id, "Shop"))

    # THEN only what says that it was, and how much the organization used, has its id
    assert (done.status, done.remaining) == ("DONE", 0)
    assert set(items_with(site_id).values()) == {"audit entry", "deletion", "usage of a day"}
    assert files_with(site_id) == []
    # AND the other site has what it had
    assert (items_with(other_id), files_with(other_id)) == before


def test_event_that_comes_for_a_deleted_site_is_counted_and_nothing_of_it_is_kept() -> None:
    tenant = Tenant()
    run(tenant.ask("SITE", tenant.site.site_id, "Shop"))
    tenant.send(tenant.made)
    found = [raw for raw in all_items() if raw["pk"]["S"].startswith("UNCLAIMED#") and "failed_event_id" in raw]
    assert found
    for raw in found:
        assert zlib.decompress(raw["body"]["B"]) == b""
        assert not raw.get("user_agent", {}).get("S")


def test_deletion_of_a_workspace_takes_its_sites_along() -> None:
    tenant = Tenant()
    by = tenancy.operator(tenant.organization_id)
    workspace = groups.create_workspace(tenant.company.actor(), name="Old Client")
    tenancy.change_site(by, tenant.site.site_id, {"workspace_id": workspace.workspace_id})

    done = run(tenant.ask("WORKSPACE", workspace.workspace_id, "Old Client"))

    assert done.sites == (tenant.site.site_id,)
    for gone in (workspace.workspace_id, tenant.site.site_id):
        assert set(items_with(gone).values()) == {"audit entry", "deletion", "usage of a day"} - (
            {"usage of a day"} if gone == workspace.workspace_id else set()
        )
    assert tenancy.current_site(tenant.organization_id, tenant.other_site.site_id)
    # AND its slug is free
    assert groups.create_workspace(tenant.company.actor(), name="Old Client").slug == workspace.slug


def test_deletion_stopped_after_each_piece_is_complete_and_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN small pages, and a deletion whose every piece is done, not written, and done again
    monkeypatch.setattr(table_items, "PAGE_ITEMS", 25)
    tenant = Tenant()
    asked = tenant.ask("ORGANIZATION", tenant.organization_id, tenant.company.organization.name)
    found = _begun(asked)
    expected = _entities(tenant.organization_id)

    while found.status == "RUNNING":
        running.advanced(found, lambda: True)
        found = run(asked, each_piece=True, once=True)

    assert (found.status, found.remaining, found.rounds) == ("DONE", 0, 1)
    counted = {what: number for what, number in found.deleted.items() if not what.endswith("(lake)")}
    assert counted == expected
    assert set(items_with(tenant.organization_id).values()) - _COUNTS == STAYS
    # AND another run of it changes nothing
    assert run(asked) == found


def test_deletion_goes_on_when_rows_come_back() -> None:
    # GIVEN events that were taken in before the request and are written by a slow consumer after the first removal
    tenant = Tenant()
    asked = tenant.ask("SITE", tenant.site.site_id, "Shop")
    found = _begun(asked)
    while found.phase != "CHECK_ITEMS":
        found = run(asked, each_piece=True, once=True)
    late = replace(tenant.site, deletion_due_ms=None)
    SITES.adding(Caller.system(tenant.organization_id), late).commit()

    done = run(asked)

    assert (done.status, done.remaining, done.rounds) == ("DONE", 0, 2)


def test_site_that_is_being_deleted_takes_no_events_until_that_is_cancelled() -> None:
    # GIVEN a site that is being deleted
    tenant = Tenant()
    caller, site_id = tenant.company.actor(), tenant.site.site_id
    asked = tenant.ask("SITE", site_id, "Shop")
    stored = ingest.failed_events(caller, site_id, limit=100, cursor=None).items

    # WHEN events come
    tenant.send(tenant.made)

    # THEN they are kept as failed events, which say why
    failed = [one for one in ingest.failed_events(caller, site_id, limit=100, cursor=None).items if one not in stored]
    reasons = {one.reason.partition(":")[0] for one in failed}
    assert "the site is being deleted" in reasons
    # AND once it is cancelled, they are taken again
    assert deletion.cancel(caller, asked.deletion_id).status == "CANCELLED"
    assert tenancy.current_site(tenant.organization_id, site_id).deletion_due_ms is None
    with pytest.raises(ConflictError, match="has begun"):
        deletion.cancel(caller, asked.deletion_id)


def test_deletion_begins_after_its_wait_and_not_before() -> None:
    tenant = Tenant()
    asked = tenant.ask("SITE", tenant.site.site_id, "Shop")

    assert run(asked, later_ms=13 * DAY_MS).status == "WAITING"
    assert run(asked, later_ms=15 * DAY_MS).status == "DONE"


def test_workflow_carries_out_what_is_due() -> None:
    # GIVEN a deletion that is due
    tenant = Tenant()
    asked = tenant.ask("SITE", tenant.site.site_id, "Shop")
    progress(asked, replace(asked, due_ms=asked.asked_ms))
    runner = own_runner(call=call_here)

    # WHEN the hour's look begins it, twice
    assert deletion.start_due() == deletion.start_due() == 1
    assert runner.run_next() is not None
    assert runner.run_next() is None
    runner.close()

    # THEN it is done
    (done,) = [
        one for one in deletion.list_deletions(tenant.company.actor()).items if one.deletion_id == asked.deletion_id
    ]
    assert (done.status, done.remaining) == ("DONE", 0)
    assert deletion.start_due() == 0


def test_deletion_is_refused_for_another_tenants_things_and_wrong_names() -> None:
    tenant, other = Tenant(), Tenant()
    caller = tenant.company.actor()

    for kind, target_id in (
        ("SITE", other.site.site_id),
        ("WORKSPACE", other.ids["workspace_id"]),
        ("ORGANIZATION", other.organization_id),
    ):
        with pytest.raises(NotFoundError):
            deletion.ask(caller, kind, target_id, name="Shop")  # type: ignore[arg-type]
        with pytest.raises(NotFoundError):
            deletion.preview(caller, kind, target_id)  # type: ignore[arg-type]
    with pytest.raises(InvalidError, match='name: write "Shop" to confirm'):
        tenant.ask("SITE", tenant.site.site_id, "shop")
    tenant.ask("SITE", tenant.site.site_id, "Shop")
    with pytest.raises(ConflictError, match="being deleted already"):
        tenant.ask("SITE", tenant.site.site_id, "Shop")


def test_preview_counts_what_the_deletion_removes() -> None:
    tenant = Tenant()

    shown = deletion.preview(tenant.company.actor(), "ORGANIZATION", tenant.organization_id)
    done = run(tenant.ask("ORGANIZATION", tenant.organization_id, tenant.company.organization.name))

    assert shown.complete
    assert {"site": 4, "failed event": 1, "events (lake)": 2}.items() <= shown.counts.items()
    assert all(number <= done.deleted[what] for what, number in shown.counts.items() if what != "outbox item")
    assert shown.keeps["invoice"].startswith("tax law")


def test_every_entity_says_whose_its_items_are() -> None:
    assert [item.entity for context in contexts() for item in context.items if not names_an_owner(item)] == []


def _begun(asked: Deletion) -> Deletion:
    return run(asked, each_piece=True, once=True)


def _entities(organization_id: str) -> dict[str, int]:
    """What belongs to an organization and goes with it."""
    whose = [owned(raw) for raw in all_items()]
    found = (one.item for one in whose if organization_id in one.owners and one.item and not one.item.outlives)
    return dict(Counter(item.entity for item in found))
