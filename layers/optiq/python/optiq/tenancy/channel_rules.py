"""A site's own channel rules, changed as a whole; every version is kept."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Json
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, VersionError, require_version
from optiq.kernel.table import Put
from optiq.tenancy import keys
from optiq.tenancy.contracts import ChannelRule, ChannelRules
from optiq.tenancy.records import ChannelRulesRecord, SiteRecord

MAX_RULES = 100
_MAX_CHANNEL = 50
_MAX_PATTERN = 200


def checked(rules: Sequence[ChannelRule]) -> tuple[ChannelRule, ...]:
    """Raises InvalidError, which names the rule that cannot be by its place."""
    if len(rules) > MAX_RULES:
        raise InvalidError(f"rules: at most {MAX_RULES}")
    for place, rule in enumerate(rules):
        patterns = (rule.source, rule.medium, rule.campaign)
        if not 1 <= len(rule.channel.strip()) <= _MAX_CHANNEL:
            raise InvalidError(f"rules.{place}: a channel has 1 to {_MAX_CHANNEL} characters")
        if not any(patterns):
            raise InvalidError(f"rules.{place}: give a source, medium or campaign ('*' for any)")
        if any(len(pattern) > _MAX_PATTERN for pattern in patterns):
            raise InvalidError(f"rules.{place}: a pattern has at most {_MAX_PATTERN} characters")
    return tuple(replace(rule, channel=rule.channel.strip()) for rule in rules)


def store(
    by: Caller, site_id: str, rules: Sequence[ChannelRule], expected_version: int | None, now_ms: int
) -> ChannelRules:
    """Makes these the site's rules, as the next version; nothing is written when another change came between.

    Raises:
        InvalidError, NotFoundError: as they say.
        VersionError: another version is in force than expected, or somebody else changed the site at the same time.
    """
    wanted = checked(rules)
    record = SiteRecord.read(by.organization_id, site_id)
    site, before = record.contract(), record.settings
    require_version(expected_version, site.channel_rules_version)
    version = ChannelRules(site.channel_rules_version + 1, now_ms, wanted)
    record.settings = SiteRecord.of(
        replace(site, channel_rules=wanted, channel_rules_version=version.version), now_ms
    ).settings
    puts = [
        Put(record, SiteRecord.settings == before),
        Put(ChannelRulesRecord.of(site, version), ChannelRulesRecord.pk.does_not_exist()),
    ]
    if version.version == 1:
        first = ChannelRules(0, int(record.created_ms), site.channel_rules)
        puts.append(Put(ChannelRulesRecord.of(site, first), None))
    old, new = _said(site.channel_rules_version, site.channel_rules), _said(version.version, wanted)
    changed = Change(by.organization_id, by.actor, "channel_rules.changed", site_id, old, new, by.origin)
    if not audit.commit(puts, [changed]):
        raise VersionError("the site was changed at the same time: read its rules and try again")
    return version


def versions(organization_id: str, site_id: str) -> list[ChannelRules]:
    """Every version, the one in force first. Raises NotFoundError."""
    record = SiteRecord.read(organization_id, site_id)
    pk = keys.channel_rules(organization_id, site_id, 0).pk
    found = ChannelRulesRecord.query(
        pk, ChannelRulesRecord.sk.startswith(keys.CHANNEL_RULES), scan_index_forward=False, consistent_read=True
    )
    kept = [version.contract() for version in found]
    return kept or [ChannelRules(0, int(record.created_ms), record.contract().channel_rules)]


def _said(version: int, rules: Sequence[ChannelRule]) -> dict[str, Json]:
    """Rules as audit entries have them."""
    return {
        "version": version,
        "rules": [f"{rule.channel}={rule.source}/{rule.medium}/{rule.campaign}" for rule in rules],
    }
