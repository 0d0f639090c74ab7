"""Feedback: advertising platforms are told the conversions that really happened."""

from optiq.feedback.lake import AD_FEEDBACK
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule, TableAction, Workflow

_SITE = "ORG#<org>#SITE#<site>"
_TOLD = f"{_SITE}#FEEDBACK#<destination>"
_WORKFLOW = "conversion_feedback"
_WRITES: tuple[TableAction, ...] = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")

CONTEXT = Context(
    name="feedback",
    what="advertising platforms are told the conversions that really happened",
    data="EVENTS",
    permissions=(
        Permission("feedback:read", "VIEWER", "see which conversions advertising platforms were told"),
        Permission("feedback:write", "ADMIN", "choose which conversions advertising platforms are told"),
    ),
    audits=("feedback_destination", "feedback_entry"),
    items=(
        Item(
            "feedback destination",
            _SITE,
            "FEEDBACK_DESTINATION#<destination>",
            "one destination, or all of a site; all that are turned on",
            gsi1pk="FEEDBACK_DESTINATIONS",
            gsi1sk="<org>#<site>#<destination>",
            data="SETTINGS",
        ),
        Item(
            "feedback entry",
            _TOLD,
            "OUT#<conversion>#<place>",
            "what is told of a conversion at a destination, in its order; those that wait, by when",
            gsi1pk=f"{_TOLD}#DUE",
            gsi1sk="<instant>#<conversion>#<place>",
            data="EVENTS",
        ),
        Item(
            "feedback batch",
            _TOLD,
            "BATCH#<batch>",
            "one request; those that are not over, by when to look at them",
            gsi1pk=f"{_TOLD}#BATCHES",
            gsi1sk="<instant>#<batch>",
            data="EVENTS",
        ),
        Item("feedback body", _TOLD, "BODY#<batch>", "what a request says, sealed, until it is over", data="EVENTS"),
        Item("feedback lease", _TOLD, "LEASE", "until when a worker has a destination for itself", data="WORK"),
        Item(
            "match keys of an event",
            f"{_SITE}#MATCH#<hash>",
            "EVENT#<goal>#<event>",
            "what platforms recognise a conversion's buyer by, sealed",
            data="EVENTS",
        ),
        Item(
            "match keys of a visitor",
            f"{_SITE}#MATCH#<hash>",
            "PERSON",
            "the latest of a visitor, sealed, for their conversions",
            data="EVENTS",
        ),
    ),
    lake=(AD_FEEDBACK,),
    functions=(
        Function("routes", timeout_seconds=29, table=_WRITES, may=("index", "secret", "oauth")),
        Function(
            "on_conversions",
            memory_mb=1024,
            timeout_seconds=60,
            table=_WRITES,
            appends=(AD_FEEDBACK.name,),
            columns=True,
            consumes=("ConversionRecorded",),
            reserved=20,
        ),
        Function(
            "start_due",
            timeout_seconds=60,
            table=("GetItem", "Query"),
            may=("index",),
            starts=_WORKFLOW,
            schedule=Schedule("Tell advertising platforms the conversions that are due", every_ms=MINUTE_MS, retries=0),
        ),
        # A thousand conversions are in memory at once.
        Function(
            "step_feedback",
            memory_mb=1024,
            timeout_seconds=300,
            table=_WRITES,
            may=("index", "secret", "oauth", "address"),
            appends=(AD_FEEDBACK.name,),
            columns=True,
        ),
    ),
    workflows=(Workflow(_WORKFLOW, tasks={"Step": "step_feedback"}, setting="OPTIQ_FEEDBACK_MACHINE", hours=1),),
)
