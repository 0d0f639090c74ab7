"""A site's own channel rules, changed as a whole; every version is kept."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.errors import InvalidError
from optiq.store.api import Transaction
from optiq.tenancy.contracts import ChannelRule, ChannelRules, Site
from optiq.tenancy.stores import CHANNEL_RULES, SITES

MAX_RULES = 100
_MAX_CHANNEL = 50
_MAX_PATTERN = 200


def check_channel_rules(rules: Sequence[ChannelRule]) -> tuple[ChannelRule, ...]:
    """The rules as they are stored. Raises InvalidError, which names the rule that cannot be by its place."""
    if len(rules) > MAX_RULES:
        raise InvalidError(f"rules: must be at most {MAX_RULES}")
    for place, rule in enumerate(rules):
        patterns = (rule.source, rule.medium, rule.campaign)
        checked_name(rule.channel, _MAX_CHANNEL, field=f"rules.{place}: channel")
        if not any(patterns):
            raise InvalidError(f"rules.{place}: give a source, medium or campaign ('*' for any)")
        if any(len(pattern) > _MAX_PATTERN for pattern in patterns):
            raise InvalidError(f"rules.{place}: a pattern has at most {_MAX_PATTERN} characters")
    return tuple(replace(rule, channel=rule.channel.strip()) for rule in rules)


def next_version(caller: Caller, site: Site, rules: Sequence[ChannelRule], now_ms: int) -> ChannelRules:
    """Stores the next version of a site's rules. Raises InvalidError; ConflictError when the site changed meanwhile."""
    number = site.channel_rules_version + 1
    version = replace(_first(site), version=number, created_ms=now_ms, rules=check_channel_rules(rules))
    changed = replace(site, channel_rules=version.rules, channel_rules_version=number)
    _, transaction = SITES.changing(caller, site, changed, action="channel_rules.changed")
    (transaction + _kept(caller, version) + (_kept(caller, _first(site)) if number == 1 else Transaction())).commit()
    return version


def versions_of(site: Site) -> list[ChannelRules]:
    """Every version, the current one first."""
    found = list(CHANNEL_RULES.all_of(site.organization_id, site.site_id, newest_first=True))
    return found or [_first(site)]


def _first(site: Site) -> ChannelRules:
    """What a site was created with, while it has no other version."""
    return ChannelRules(site.organization_id, site.site_id, 0, site.created_ms, site.channel_rules)


def _kept(caller: Caller, version: ChannelRules) -> Transaction:
    """The audit log has the change with the site's."""
    return CHANNEL_RULES.adding(caller, version).unaudited()
