"""A site's ingestion tokens, with how they were used."""

from datetime import timedelta

from optiq.collect.ingest import api as ingest
from optiq.identity import api as identity
from optiq.kernel.clock import day_of, parse_timezone, system_clock
from optiq.tenancy.contracts import Site

from functions.tenancy.token_payloads import TokenDocument, TokensDocument

USAGE_DAYS = 90


def tokens_with_use(site: Site, limit: int, cursor: str | None) -> TokensDocument:
    """A page of tokens, newest first. Raises InvalidError for a cursor we did not give."""
    page = identity.list_tokens(site.organization_id, site.site_id, limit, cursor)
    today = day_of(system_clock(), parse_timezone(site.timezone))
    uses = ingest.token_uses(site.organization_id, site.site_id, today - timedelta(days=USAGE_DAYS - 1), today)
    items = [TokenDocument.of(token, uses.get(token.token_id, ())) for token in page.items]
    return TokensDocument(items=items, cursor=page.cursor)
