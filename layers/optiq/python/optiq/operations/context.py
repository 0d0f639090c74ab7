"""Operations: what keeps the system in order, and shows what is out of order."""

from optiq.kernel.clock import HOUR_MS, MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, NoticeKind, Permission, Schedule
from optiq.notifications.contracts import NotificationRequested
from optiq.operations.lake import ERRORS, METRICS

_PLATFORMS = "it is of all organizations"

CONTEXT = Context(
    name="operations",
    what="what is broken, since when and at what cost; upkeep of the lake",
    permissions=(
        Permission("errors:read", "MEMBER", "see the errors of a site's programs"),
        Permission("errors:write", "MEMBER", "resolve errors"),
    ),
    audits=("error", "system_setting", "incident"),
    publishes=(NotificationRequested,),
    notices=(NoticeKind("error", "errors that are back after somebody resolved them", shared=True),),
    items=(
        Item(
            "error group",
            "ORG#<org>#ISSUES or ORG#_platform#ISSUES",
            "ISSUE#<fingerprint>",
            "a group of errors; a project's by when they were last seen",
            gsi1pk="ORG#<org>#SITE#<site>#ISSUES#<status> or ORG#_platform#ISSUES#<status>",
            gsi1sk="<instant>#<fingerprint>",
            data="ERRORS",
        ),
        Item(
            "system setting",
            "PLATFORM",
            "SETTING#<key>#<number>",
            "every version of a setting of the system",
            tenantless=True,
            nobodys=_PLATFORMS,
        ),
        Item(
            "incident",
            "PLATFORM",
            "INCIDENT#<incident>",
            "what staff tell customers, by time",
            tenantless=True,
            nobodys=_PLATFORMS,
        ),
        Item(
            "status day",
            "PLATFORM#STATUS",
            "DAY#<day>",
            "in which minutes components worked",
            tenantless=True,
            nobodys=_PLATFORMS,
        ),
        Item(
            "heartbeat",
            "PLATFORM#STATUS",
            "HEARTBEAT#<org>",
            "visits that wait for credit",
            tenantless=True,
            nobodys=_PLATFORMS,
        ),
        Item(
            "counted error",
            "ORG#<org>#ERROR#<error> or ORG#_platform#ERROR#<error>",
            "COUNTED",
            "whether an occurrence is counted",
            data="ERRORS",
        ),
    ),
    lake=(ERRORS, METRICS),
    functions=(
        # Whoever has a key may report: it checks a signature, and puts on the stream.
        Function("envelope", table=("Query",), may=("stream", "secret"), reserved=20),
        Function(
            "on_errors",
            timeout_seconds=60,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("address",),
            appends=(ERRORS.name, METRICS.name),
            columns=True,
            consumes=("ErrorReported", "MetricsMeasured"),
            reserved=10,
        ),
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "address"),
        ),
        Function("status", table=("Query",), may=("status",)),
        # Creating the site of its visits takes all that creating one takes.
        Function(
            "beat",
            timeout_seconds=55,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "address", "status"),
            columns=True,
            schedule=Schedule("See what works, and write the status page", every_ms=MINUTE_MS, retries=0),
        ),
        # The rows of a merge are in memory twice (compaction.py).
        Function(
            "hourly",
            memory_mb=3008,
            timeout_seconds=900,
            may=("upkeep",),
            columns=True,
            schedule=Schedule("Merge the lake's small files", 20, HOUR_MS),
        ),
        # Before the nightly recomputation, which then reads fewer files.
        Function(
            "nightly",
            memory_mb=3008,
            timeout_seconds=900,
            may=("upkeep",),
            columns=True,
            schedule=Schedule(
                "Make one file of each ended day of the lake, and forget old errors and metrics", 60 + 30
            ),
        ),
    ),
)
