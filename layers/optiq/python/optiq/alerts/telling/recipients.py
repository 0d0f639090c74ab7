"""Which members are notified of a site's alerts."""

from optiq.alerts.contracts import AlertSettings
from optiq.alerts.rules.contracts import Rule

_PERSON = "user_"


def named(settings: AlertSettings, rule: Rule) -> tuple[str, ...]:
    """The members that the site names; who made the rule where it names nobody."""
    if settings.members or settings.addresses:
        return settings.members
    return (rule.owner_id,) if rule.owner_id.startswith(_PERSON) else ()
