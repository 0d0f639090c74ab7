"""Reports: answers of what was earned, why, and what was spent."""

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule, TableAction
from optiq.reports.lake import FUNNEL_ATTEMPTS, SHOP_TOTALS, STEPS

_MAKES_STEPS: tuple[TableAction, ...] = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")
CONTEXT = Context(
    name="reports",
    what="answers of what was earned, why, and what was spent",
    data="WORK",
    permissions=(
        Permission("reports:read", "VIEWER", "read reports, conversions and how they were credited"),
        Permission("shop_totals:write", "MEMBER", "send what a shop reports, to compare with"),
        Permission("views:write", "MEMBER", "save views of reports, and share them in the organization"),
    ),
    audits=("view", "shop_totals"),
    items=(
        Item(
            "answer", "ORG#<org>#SITE#<site>#ANSWER#<hash>", "ANSWER", "the answer to a question, as long as it holds"
        ),
        Item("day of steps", "ORG#<org>", "STEPS#<day>", "what a UTC day of steps was made of"),
        Item("state of steps", "ORG#<org>", "STEPSSTATE", "until when an organization's steps are complete"),
        Item(
            "rollup",
            "ORG#<org>#SITE#<site>#ROLLUP#<part>",
            "<day>",
            "a day's numbers by dimension, packed",
            data="TOTALS",
        ),
        Item(
            "rolled-up day",
            "ORG#<org>",
            "ROLLUPDAY#<day>#<timezone>",
            "what a day's rollups were made of",
            data="TOTALS",
        ),
        Item(
            "figures of a day",
            "ORG#<org>",
            "ROLLUPFIGURES#<day>",
            "which figures of a day were written, by site",
            data="TOTALS",
        ),
        Item(
            "kept totals",
            "ORG#<org>",
            "KEPTTOTALS",
            "from which day on events are kept; totals of earlier days stay",
            data="TOTALS",
        ),
        Item(
            "state of rollups",
            "ORG#<org>",
            "ROLLUPSSTATE",
            "until when an organization's rollups are complete",
            data="TOTALS",
        ),
        Item(
            "saved funnel",
            "ORG#<org>#SITE#<site>",
            "FUNNEL#<digest>",
            "what a saved funnel's attempts were made of",
            data="SETTINGS",
        ),
        Item("state of saved funnels", "ORG#<org>", "FUNNELSSTATE", "until when their attempts are complete"),
        Item(
            "view",
            "ORG#<org>#SITE#<site>",
            "VIEW#<view>",
            "a question saved under a name",
            data="SETTINGS",
        ),
    ),
    lake=(STEPS, SHOP_TOTALS, FUNNEL_ATTEMPTS),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "lake"),
            appends=(SHOP_TOTALS.name,),
            columns=True,
        ),
        # A day's rows are in memory once.
        Function(
            "make_recent_steps",
            memory_mb=3008,
            timeout_seconds=900,
            table=_MAKES_STEPS,
            may=("index", "lake"),
            appends=(STEPS.name,),
            columns=True,
            schedule=Schedule("Make the days of steps and the rollups to which something came in", 0, 5 * MINUTE_MS),
        ),
        # After the nights' costs were read.
        Function(
            "tell_spend",
            memory_mb=1024,
            timeout_seconds=900,
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("index", "lake", "stripe", "address"),
            columns=True,
            schedule=Schedule("Tell billing what ad spend is tracked", 5 * 60),
        ),
        # After the nightly merge of the lake's files, which changes what days are made of.
        Function(
            "make_all_steps",
            memory_mb=3008,
            timeout_seconds=900,
            table=_MAKES_STEPS,
            may=("index", "lake"),
            appends=(STEPS.name, FUNNEL_ATTEMPTS.name),
            columns=True,
            schedule=Schedule("Make every day of steps, rollup and saved funnel of which something changed", 2 * 60),
        ),
    ),
)
