"""What differs between advertising platforms: what each can do, and how its ads mark addresses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What differs between platforms.

    Attributes:
        signs_in: people connect it by OAuth: it is a SigningIn of contract.py. Another one needs no credential.
        renews_early: its token has to be renewed while it is good, at half of its life, whether it is used or not.
        reports: its numbers can be read: it is a Reporting.
        restate_days: for so many days back its numbers may change. history_months: it knows no older day.
        step_days: so many days at most are asked for in one report.
        runs_from_days: so many days and more are read by report runs: it is a ReportRuns. None for never.
        click_days: for so many days back it tells of each click id which ad it was of: it is a Clicking. 0 for never.
        claims_views: `view_through_micros` are a part of what it claims, not beside it.
        claims_by_conversion_day: it tells of what it claims also by the day of the conversion.
        hours: it tells costs by the hour: it is an HourlyReporting.
        source, medium: by which visits of its ads are usually named, as those of its click ids are.
        uploads: it takes conversions: it is an Uploading. upload_scopes: what a person has to permit for that beside
            what is needed for reading; none where permissions cannot be told apart.
    """

    signs_in: bool = True
    renews_early: bool = False
    reports: bool = False
    restate_days: int = 28
    history_months: int = 37
    step_days: int = 31
    runs_from_days: int | None = None
    hours: bool = False
    click_days: int = 0
    claims_views: bool = False
    claims_by_conversion_day: bool = False
    source: str = ""
    medium: str = "paid_social"
    uploads: bool = False
    upload_scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landing:
    """How a platform's ads mark the addresses that they lead to.

    Attributes:
        click_ids: parameters that only its ads add. sources: what links call it in utm_source, in small letters.
        campaign_id: the parameter by which it names the campaign itself, or "".
        template: what to add to the addresses of ads, so that a visit names its campaign, group and ad.
        where: in which of its settings that goes.
    """

    click_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    campaign_id: str = ""
    template: str = ""
    where: str = ""
