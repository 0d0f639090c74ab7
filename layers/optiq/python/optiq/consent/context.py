"""Consent: what people said of advertising, when, and in which words."""

from optiq.consent.contracts import ConsentWithdrawn
from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="consent",
    what="what people said of advertising, when, and in which words",
    data="CONSENT",
    permissions=(Permission("consent:read", "VIEWER", "see what a person consented to, and when"),),
    publishes=(ConsentWithdrawn,),
    items=(
        Item(
            "consent record",
            "ORG#<org>#SITE#<site>#CONSENT#<hash>",
            "AT#<record>",
            "what a visitor said of one purpose, by time; never changed",
        ),
        Item("consent", "ORG#<org>#SITE#<site>#CONSENT#<hash>", "STATE", "what a visitor said last of each purpose"),
    ),
    functions=(Function("routes", table=("GetItem", "BatchGetItem", "Query")),),
)
