"""The classes of data: what each holds, why, and for how long. The page docs/data-map.md is made of this."""

from collections.abc import Mapping
from dataclasses import dataclass

from optiq.kernel.lake_tables import DataClass


@dataclass(frozen=True, slots=True)
class Class:
    """A class of data.

    Attributes:
        what: it holds. why: it is kept.
        kept: how long, in words; `{days}` is the organization's setting.
        personal: whose personal data it has, in words; "" for none.
        setting: the field of Retention, or "". least, most: its bounds in days.
    """

    what: str
    why: str
    kept: str
    personal: str
    setting: str = ""
    least: int = 0
    most: int = 0


CLASSES: Mapping[DataClass, Class] = {
    "ACCOUNTS": Class(
        "users, how they sign in, and where they are members",
        "to let them sign in and work together",
        "until 30 days after the account is deleted; sessions, links and attempts end by themselves",
        "the user's: name, e-mail, sessions",
    ),
    "SETTINGS": Class(
        "what people set up: organizations, sites, rules, dashboards, links, connections",
        "to do what they set up",
        "until it, its site or its organization is deleted",
        "ids of users",
    ),
    "EVENTS": Class(
        "events and what follows from them: visits, touches, customers, orders, conversions, credits",
        "to say what brought which sale",
        "{days} days, on AWS archived after 365; their daily totals stay",
        "visitors': keyed hashes of identifiers, visits, orders; no IP address",
        "events_days",
        30,
        3_650,
    ),
    "LINKS": Class(
        "which devices are one person's",
        "to follow a person over devices",
        "until the site is deleted",
        "visitors': keyed hashes",
    ),
    "CONSENT": Class(
        "what visitors consented to, and when",
        "to prove it",
        "until the site is deleted",
        "visitors': keyed hashes, and what they said",
    ),
    "TOTALS": Class(
        "daily numbers of sites by channel, campaign and hour",
        "to compare with earlier years",
        "until the site is deleted",
        "",
    ),
    "ADS": Class(
        "costs and results that advertising platforms report",
        "to compare costs with what they brought",
        "{days} days, on AWS archived after 730",
        "",
        "ads_days",
        30,
        3_650,
    ),
    "MESSAGES": Class(
        "mails, messages to channels and webhooks, and what became of them",
        "to deliver them, and to answer what was sent",
        "90 days",
        "recipients': addresses as keyed hashes, contents sealed",
    ),
    "BILLING": Class(
        "plans, invoices, payments, usage, and the ledger of credits",
        "to be paid, and by tax law",
        "invoices, payments and the ledger 10 years; the rest until the organization is deleted",
        "the payer's: name, address, the end of a card's number",
    ),
    "AUDIT": Class(
        "who did what to which thing, and proofs of deletions",
        "to find out what happened, and to prove it",
        "{days} days",
        "users': ids, places, devices; networks as keyed hashes",
        "audit_days",
        365,
        3_650,
    ),
    "ERRORS": Class(
        "occurrences of errors, and what handlers cost",
        "to repair what is broken",
        "{days} days",
        "what an error's context has, masked",
        "errors_days",
        1,
        30,
    ),
    "WORK": Class(
        "what the system needs to go on: answers kept for a while, marks of what was done",
        "to do each thing once, and to answer soon",
        "until it ends by itself, or its organization is deleted",
        "",
    ),
}
