"""Journeys: what each customer did, and which orders they placed."""

from optiq.journeys.lake import ABANDONED_JOURNEYS, CONVERSIONS, EVENTS, PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.events import ConversionRecorded
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule, Webhook

_TOLD = tuple(table.name for table in (EVENTS, SESSIONS, TOUCHES, PEOPLE, CONVERSIONS))
CONTEXT = Context(
    name="journeys",
    what="what each customer did, and which orders they placed",
    data="EVENTS",
    permissions=(
        Permission("customers:read", "VIEWER", "read customers and their journeys"),
        Permission("customers:write", "MEMBER", "cut wrong links between devices and people"),
        Permission("conversions:write", "MEMBER", "refund and adjust conversions"),
    ),
    audits=("conversion", "customers"),
    webhooks=(Webhook("conversion.recorded", "a conversion is recorded", ConversionRecorded),),
    items=(
        Item("customer", "ORG#<org>#SITE#<site>#CUS#<customer>", "CUSTOMER", "a customer's recent history"),
        Item(
            "customer history",
            "ORG#<org>#SITE#<site>#CUS#<customer>",
            "HISTORY#<day>#<page>",
            "a customer's older history by UTC day, sealed",
        ),
        Item("event claim", "ORG#<org>#SITE#<site>#EVENT#<hash>", "EVENT", "who first used a foreign event id"),
        Item(
            "conversion",
            "ORG#<org>#SITE#<site>#CONV#<conversion>",
            "CONVERSION",
            "one conversion, or what became of it; a site's conversions by time",
            gsi1pk="ORG#<org>#SITE#<site>#CONVERSIONS",
            gsi1sk="<conversion>",
        ),
        Item(
            "order",
            "ORG#<org>#SITE#<site>#ORDER#<hash>",
            "ORDER",
            "every report of one order; a site's corrections that found no order",
            gsi1pk="ORG#<org>#SITE#<site>#WAITING",
            gsi1sk="<instant>#<hash>",
        ),
    ),
    lake=(
        EVENTS,
        SESSIONS,
        TOUCHES,
        PEOPLE,
        CONVERSIONS,
        ABANDONED_JOURNEYS,
    ),
    functions=(
        Function(
            "on_events",
            memory_mb=1024,
            timeout_seconds=60,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            # Limits of usage follow from whether somebody pays, and the notices of them have links. What is held is
            # sealed, and who sends far too much is named in the edge's limits.
            may=("stream", "stripe", "address", "secret", "limits"),
            appends=_TOLD,
            columns=True,
            consumes=("EventAccepted", "EventRejected", "MatchKeysTaken", "UsageMark"),
            reserved=50,
        ),
        Function(
            "take_in_held",
            memory_mb=1024,
            timeout_seconds=300,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "stream", "stripe", "address", "secret", "limits"),
            appends=_TOLD,
            columns=True,
            schedule=Schedule("Take in held events that there is room for", every_ms=MINUTE_MS),
        ),
        # Unlinking two customers tells the lake what each did.
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("index", "secret", "stream", "lake"),
            appends=_TOLD,
            columns=True,
        ),
        Function(
            "sweep",
            memory_mb=1024,
            timeout_seconds=900,
            may=("index", "lake"),
            appends=(ABANDONED_JOURNEYS.name,),
            columns=True,
            schedule=Schedule("Record which journeys are abandoned", 2 * 60 + 30),
        ),
    ),
)
