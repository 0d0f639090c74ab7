"""Deletion: organizations, workspaces, sites and accounts end, with all that is theirs."""

from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule, Workflow
from optiq.mail.contracts import MailRequested

_MACHINE = "deletion"

CONTEXT = Context(
    name="deletion",
    what="organizations, workspaces, sites and accounts end, with all that is theirs",
    data="AUDIT",
    permissions=(
        Permission("deletions:read", "ADMIN", "see what is being deleted, and the proof of what was"),
        Permission("deletions:write", "OWNER", "delete sites, workspaces and the organization"),
    ),
    audits=("deletion",),
    publishes=(MailRequested,),
    items=(
        Item(
            "deletion",
            "ORG#<org> or USER#<user>",
            "DELETION#<deletion>",
            "what is deleted, and the proof of it; all that are due; those that a person asked for",
            gsi1pk="DELETIONS_DUE or DELETIONS#<asked by>",
            gsi1sk="<instant>#<deletion>",
            outlives="it is the proof of the deletion",
        ),
    ),
    functions=(
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "address", "stripe"),
            columns=True,
            shares=("identity",),
        ),
        Function(
            "start_due",
            timeout_seconds=300,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret"),
            columns=True,
            starts=_MACHINE,
            schedule=Schedule("Begin deletions that are due", 25, HOUR_MS),
        ),
        # The one that removes items. The rows of a file are in memory.
        Function(
            "step",
            memory_mb=3008,
            timeout_seconds=900,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query", "Scan", "BatchWriteItem"),
            may=("index", "secret", "lake", "upkeep", "oauth", "address", "stripe"),
            columns=True,
        ),
    ),
    workflows=(Workflow(_MACHINE, tasks={"Step": "step"}, setting="OPTIQ_DELETION_MACHINE", hours=48),),
)
