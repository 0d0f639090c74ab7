"""Feedback: advertising platforms are told the conversions that really happened."""

from optiq.kernel.manifest import Context, Function, Item, Permission

_SITE = "ORG#<org>#SITE#<site>"

CONTEXT = Context(
    name="feedback",
    what="advertising platforms are told the conversions that really happened",
    permissions=(
        Permission("feedback:read", "VIEWER", "see which conversions advertising platforms were told"),
        Permission("feedback:write", "ADMIN", "choose which conversions advertising platforms are told"),
    ),
    audits=("feedback_destination",),
    items=(
        Item(
            "feedback destination",
            _SITE,
            "FEEDBACK_DESTINATION#<destination>",
            "one destination, or all of a site; all that are turned on",
            gsi1pk="FEEDBACK_DESTINATIONS",
            gsi1sk="<org>#<site>#<destination>",
        ),
        Item(
            "match keys of an event",
            "ORG#<org>#SITE#<site>#MATCH#<hash>",
            "EVENT#<goal>#<event>",
            "what platforms recognise a conversion's buyer by, sealed",
        ),
        Item(
            "match keys of a visitor",
            "ORG#<org>#SITE#<site>#MATCH#<hash>",
            "PERSON",
            "the latest of a visitor, sealed, for their conversions",
        ),
    ),
    functions=(Function("routes", timeout_seconds=29, table=("GetItem", "PutItem", "Query"), may=("index", "secret")),),
)
