"""The resolver of the routes for people who share reports."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("sharing")
