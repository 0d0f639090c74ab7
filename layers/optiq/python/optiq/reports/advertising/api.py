"""What platforms claim beside what is known, and which money no visit is known of."""

from optiq.reports.advertising import claims as _claims
from optiq.reports.advertising import coverage as _coverage

claims = _claims.claims
coverage = _coverage.coverage
