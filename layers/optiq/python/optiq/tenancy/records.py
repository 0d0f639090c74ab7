"""Organizations and sites in the table."""

import json
from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.table import BySecondKey, Record
from optiq.tenancy import keys
from optiq.tenancy.contracts import (
    DEFAULT_JOURNEY_WINDOW_DAYS,
    ChannelRule,
    ChannelRules,
    ClickId,
    Organization,
    Site,
)


class OrganizationRecord(Record):
    """A tenant. `owners` counts its members who own it, so that the last cannot be lost."""

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute()
    name = UnicodeAttribute()
    currency = UnicodeAttribute()
    slug = UnicodeAttribute(default="")
    timezone = UnicodeAttribute(default="UTC")
    logo_url = UnicodeAttribute(default="")
    owners = NumberAttribute(default=0)
    version = NumberAttribute(default=0)
    created_ms = NumberAttribute()

    def contract(self) -> Organization:
        return Organization(
            self.organization_id,
            self.name,
            self.currency,
            slug=self.slug,
            timezone=self.timezone,
            logo_url=self.logo_url,
            version=int(self.version),
            created_ms=int(self.created_ms),
        )


class ChannelRulesRecord(Record):
    version = NumberAttribute()
    created_ms = NumberAttribute()
    rules = UnicodeAttribute()

    @classmethod
    def of(cls, site: Site, rules: ChannelRules) -> "ChannelRulesRecord":
        key = keys.channel_rules(site.organization_id, site.site_id, rules.version)
        said = json.dumps([asdict(rule) for rule in rules.rules])
        return cls(key.pk, key.sk, version=rules.version, created_ms=rules.created_ms, rules=said)

    def contract(self) -> ChannelRules:
        rules = tuple(ChannelRule(**rule) for rule in json.loads(self.rules))
        return ChannelRules(int(self.version), int(self.created_ms), rules)


class SiteRecord(Record):
    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    name = UnicodeAttribute()
    timezone = UnicodeAttribute()
    currency = UnicodeAttribute()
    settings = UnicodeAttribute()
    created_ms = NumberAttribute()

    @classmethod
    def of(cls, site: Site, now_ms: int) -> "SiteRecord":
        key = keys.site(site.organization_id, site.site_id)
        return cls(
            key.pk,
            key.sk,
            gsi1pk=keys.SITES,
            gsi1sk=site.site_id,
            organization_id=site.organization_id,
            site_id=site.site_id,
            name=site.name,
            timezone=site.timezone,
            currency=site.currency,
            settings=json.dumps(
                {
                    "domains": site.domains,
                    "conversion_events": site.conversion_events,
                    "lookback_days": site.lookback_days,
                    "channel_rules": [asdict(rule) for rule in site.channel_rules],
                    "channel_rules_version": site.channel_rules_version,
                    "excluded_referrers": site.excluded_referrers,
                    "split_sessions_at_midnight": site.split_sessions_at_midnight,
                    "credit_guard": site.credit_guard,
                    "click_ids": [asdict(click_id) for click_id in site.click_ids],
                    "journey_window_days": site.journey_window_days,
                    "privacy_signals": site.privacy_signals,
                    "unverified_conversions": site.unverified_conversions,
                    "settings_version": site.settings_version,
                    "status": site.status,
                    "workspace_id": site.workspace_id,
                }
            ),
            created_ms=now_ms,
        )

    @classmethod
    def read(cls, organization_id: str, site_id: str, *, consistent: bool = True) -> "SiteRecord":
        """Raises NotFoundError."""
        if not may_be_id(site_id):
            raise NotFoundError("there is no such site")
        key = keys.site(organization_id, site_id)
        try:
            return cls.get(key.pk, key.sk, consistent_read=consistent)
        except cls.DoesNotExist as error:
            raise NotFoundError("there is no such site") from error

    def contract(self) -> Site:
        settings = json.loads(self.settings)
        return Site(
            organization_id=self.organization_id,
            site_id=self.site_id,
            name=self.name,
            timezone=self.timezone,
            currency=self.currency,
            domains=tuple(settings["domains"]),
            conversion_events=tuple(settings["conversion_events"]),
            lookback_days=settings["lookback_days"],
            channel_rules=tuple(ChannelRule(**rule) for rule in settings["channel_rules"]),
            channel_rules_version=settings.get("channel_rules_version", 0),
            excluded_referrers=tuple(settings.get("excluded_referrers", ())),
            split_sessions_at_midnight=settings.get("split_sessions_at_midnight", False),
            credit_guard=settings.get("credit_guard", True),
            click_ids=tuple(ClickId(**click_id) for click_id in settings.get("click_ids", ())),
            journey_window_days=settings.get("journey_window_days", DEFAULT_JOURNEY_WINDOW_DAYS),
            privacy_signals=settings.get("privacy_signals", "IGNORE"),
            unverified_conversions=settings.get("unverified_conversions", "COUNT"),
            settings_version=settings.get("settings_version", 0),
            status=settings.get("status", "ACTIVE"),
            workspace_id=settings.get("workspace_id"),
        )
