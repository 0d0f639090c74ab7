"""Attribution: which touches earned a conversion, under every model."""

from optiq.attribution.lake import CREDITS
from optiq.kernel.manifest import Context, Function, Item, JobKind, Permission, Schedule, Workflow

_RECOMPUTE = "attribution_recompute"
CONTEXT = Context(
    name="attribution",
    what="which touches earned a conversion, under every model",
    permissions=(Permission("attribution:write", "MEMBER", "change how conversions are credited, and recompute"),),
    audits=("attribution_settings", "recompute"),
    items=(
        Item("job", "ORG#<org>", "JOB#<job>", "one job"),
        Item(
            "attribution settings",
            "ORG#<org>#SITE#<site>",
            "ATTRIBUTION#<version>",
            "how a site's conversions are credited: the latest version, or all",
        ),
        Item(
            "fit",
            "ORG#<org>#SITE#<site>",
            "FIT#<version>",
            "what was learnt of a site's paths, latest",
            data="TOTALS",
        ),
        Item("credited day", "ORG#<org>#SITE#<site>", "CREDITED#<day>", "what a UTC day was credited from"),
    ),
    lake=(CREDITS,),
    functions=(
        Function(
            "on_conversions",
            memory_mb=1024,
            timeout_seconds=60,
            table=("GetItem", "BatchGetItem", "Query"),
            appends=(CREDITS.name,),
            columns=True,
            consumes=("ConversionRecorded",),
            reserved=50,
        ),
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake"),
            columns=True,
            starts=_RECOMPUTE,
        ),
        # The paths of ninety days are in memory at once (learning.py).
        Function(
            "fit_models",
            memory_mb=3008,
            timeout_seconds=900,
            table=("GetItem", "PutItem", "Query"),
            may=("lake",),
            columns=True,
        ),
        Function(
            "plan_recompute",
            memory_mb=1024,
            timeout_seconds=150,
            table=("GetItem", "UpdateItem", "Query"),
            may=("lake",),
            columns=True,
        ),
        # A partition's touches, paths and standing credits are in memory at once (recomputing/planning.py).
        Function(
            "recompute_partition",
            memory_mb=3008,
            timeout_seconds=900,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("lake",),
            appends=(CREDITS.name,),
            columns=True,
        ),
        Function("finish_recompute", timeout_seconds=30, table=("GetItem", "UpdateItem")),
        Function(
            "nightly",
            timeout_seconds=300,
            table=("GetItem", "PutItem"),
            may=("index",),
            starts=_RECOMPUTE,
            schedule=Schedule("Rebuild the credits of the last days, for whatever arrived late", 3 * 60),
        ),
    ),
    jobs=(JobKind("recompute", "credits days of a site again", "optiq.attribution.recomputing.api"),),
    workflows=(
        Workflow(
            _RECOMPUTE,
            tasks={
                "FitModels": "fit_models",
                "Plan": "plan_recompute",
                "RecomputePartition": "recompute_partition",
                "Finish": "finish_recompute",
            },
            setting="OPTIQ_RECOMPUTE_MACHINE",
        ),
    ),
)
