"""Campaigns, groups and ads of advertising accounts, with every name that they had."""

from optiq.ads.entities import listing, reading, stored

refresh_entities = listing.refresh
note_reported = listing.note_reported
entities_of = stored.all_of
list_entities = reading.page
names_of = reading.names
is_known = reading.is_known
list_digest = reading.list_digest
