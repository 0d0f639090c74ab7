"""Rules of settings from before there were rules, made rules of their own once."""

from dataclasses import replace

from optiq.alerts.contracts import AlertRule, AlertSettings
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.alerts.rules.stores import RULES
from optiq.alerts.stores import SETTINGS, settings_of
from optiq.kernel.caller import Caller
from optiq.kernel.errors import VersionError
from optiq.kernel.ids import id_from

_NAMES: dict[Kind, str] = {
    "SPEND_THRESHOLD": "Spend of a day",
    "CONVERSION_DROP": "Fewer conversions than usual",
    "CPA_SPIKE": "Conversions cost more than usual",
    "ROAS_DROP": "Ads bring less than usual",
    "CLICK_ANOMALY": "Clicks are odd",
}


def take_over(caller: Caller, site_id: str) -> None:
    """Makes rules of those in a site's settings; nothing where there are none, or somebody does it just then."""
    settings = settings_of(caller.organization_id, site_id)
    if not settings.rules:
        return
    _, transaction = SETTINGS.changing(caller, settings, replace(settings, rules=()))
    for one in settings.rules:
        transaction += RULES.adding(caller, _rule(settings, one))
    try:
        transaction.commit()
    except VersionError:
        return


def _rule(settings: AlertSettings, one: AlertRule) -> Rule:
    made_ms = settings.changed_ms or 0
    return Rule(
        settings.organization_id,
        settings.site_id,
        id_from("rule", made_ms, settings.site_id, one.kind),
        _NAMES[one.kind],
        one.kind,
        "",
        made_ms,
        severity=one.severity,
        spend_micros=one.spend_micros,
        percent=None if one.kind == "CLICK_ANOMALY" else one.percent,
        comparison_days=one.comparison_days,
        paused=not one.enabled,
    )
