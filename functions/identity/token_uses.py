"""A site's ingestion tokens, with how they were used."""

from datetime import timedelta

from optiq.collect.ingest import api as ingest
from optiq.identity import api as identity
from optiq.kernel.caller import Caller
from optiq.kernel.clock import day_of, parse_timezone, system_clock
from optiq.tenancy.contracts import Site

from functions.identity.schemas_tokens import TokenOut, TokensOut

USAGE_DAYS = 90


def tokens_with_use(caller: Caller, site: Site, limit: int, cursor: str | None) -> TokensOut:
    """A page of tokens, newest first. Raises InvalidError for another list's cursor."""
    page = identity.list_tokens(caller, site.site_id, limit=limit, cursor=cursor)
    today = day_of(system_clock(), parse_timezone(site.timezone))
    first = today - timedelta(days=USAGE_DAYS - 1)
    uses = ingest.token_uses(caller, site.site_id, first=first, last=today)
    items = [TokenOut.used(token, uses.get(token.credential_id, ())) for token in page.items]
    return TokensOut(items=items, cursor=page.cursor)
