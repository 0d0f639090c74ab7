"""Links: short addresses and QR codes whose visits are counted and credited."""

from optiq.kernel.manifest import Context, Function, Item, Permission

_ITEM = "LINK#<hash of domain and path>"

CONTEXT = Context(
    name="links",
    what="short addresses and QR codes whose visits are counted and credited",
    permissions=(
        Permission("links:read", "VIEWER", "see tracked links and what they earned"),
        Permission("links:write", "MEMBER", "create and change tracked links"),
    ),
    audits=("link", "link_domain"),
    items=(
        Item(
            "link",
            _ITEM,
            "LINK",
            "the link behind an address; a site's links by time",
            gsi1pk="ORG#<org>#SITE#<site>#LINKS",
            gsi1sk="<instant>#<link>",
            tenantless=True,
        ),
        Item(
            "link domain",
            "LINKDOMAIN#<domain>",
            "DOMAIN",
            "whose links are on a domain",
            tenantless=True,
            owned_by=("organization_id",),
        ),
        Item(
            "clicks of a link",
            _ITEM,
            "COUNTS#<shard>",
            "how often a link was opened, by whom",
            tenantless=True,
            part_of="link",
            data="TOTALS",
        ),
    ),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("index", "secret", "lake", "address"),
        ),
        # It reads one partition, and puts the click on the stream; a domain's proof is made of the secret.
        Function("redirect", table=("Query",), may=("stream", "secret"), reserved=50),
        Function("on_clicks", table=("BatchGetItem", "PutItem"), consumes=("LinkClicked",), reserved=50),
    ),
)
