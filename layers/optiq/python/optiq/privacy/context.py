"""Privacy: what a person may ask of an organization about their data."""

from dataclasses import replace

from optiq.kernel.manifest import Context, Function, Grant, Item, Permission, TableAction, Workflow
from optiq.privacy.contracts import PersonErased

_REQUEST = "privacy_request"
_TABLE: tuple[TableAction, ...] = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")
_READS: tuple[Grant, ...] = ("secret", "lake")
# A file of the lake is in memory at once, and its rows twice while they are changed.
_WORKS = Function("", memory_mb=3008, timeout_seconds=900, table=_TABLE, may=_READS, columns=True)

CONTEXT = Context(
    name="privacy",
    what="what a person may ask of an organization about their data",
    data="AUDIT",
    permissions=(
        Permission("privacy:read", "ADMIN", "see requests of people about their data, and download the data"),
        Permission("privacy:write", "ADMIN", "enter, verify and refuse requests of people about their data"),
    ),
    audits=("privacy_request",),
    publishes=(PersonErased,),
    items=(
        Item("privacy request", "ORG#<org>#PRIVACY", "REQUEST#<request>", "one request, or all of an organization"),
        Item(
            "privacy job",
            "ORG#<org>#PRIVACY",
            "JOB#<request>",
            "the sealed identifiers of an open request",
            data="WORK",
        ),
    ),
    functions=(
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=_TABLE,
            may=_READS,
            columns=True,
            starts=_REQUEST,
        ),
        replace(_WORKS, module="begin_request"),
        # It alone changes files of the lake.
        replace(_WORKS, module="work_request", may=("secret", "upkeep")),
        replace(_WORKS, module="finish_request"),
        Function("fail_request", timeout_seconds=30, table=("GetItem", "PutItem"), may=("secret",), columns=True),
    ),
    workflows=(
        Workflow(
            _REQUEST,
            tasks={
                "Begin": "begin_request",
                "Work": "work_request",
                "Finish": "finish_request",
                "Fail": "fail_request",
            },
            setting="OPTIQ_PRIVACY_MACHINE",
            hours=24,
        ),
    ),
)
