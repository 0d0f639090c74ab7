"""The environment, read once through one typed model. Every variable a function may see is listed here."""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

# At DEBUG these tell what they are sent and send: passwords, items with addresses, mails with links to sign in; at INFO
# what nobody asked.
for _talkative in ("aws_lambda_powertools", "boto3", "botocore", "pynamodb", "urllib3", "authlib"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", re.ASCII)
PASSWORD_MEMORY_KIB = 19_456
"""The least that OWASP names for argon2id with two passes (identity/people/passwords.py)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a process, from its environment.

    Attributes:
        substrate: `aws`, or `embedded` for the whole system on one machine.
        table: name of the DynamoDB table.
        table_endpoint: where the table's API answers; empty for AWS's own.
        stream: Kinesis stream name, or the path of the embedded log.
        lake: `s3://bucket/prefix`, or a folder.
        status: `s3://bucket/prefix`, or a folder, that the status page is written to.
        database: Glue database of the lake's tables.
        workgroup: Athena workgroup.
        bus: name of the event bus, or the path of its embedded log.
        recompute_machine: ARN of the recompute state machine, or the path of its definition.
        alert_sweep_machine: ARN of the state machine that judges alert rules, or the path of its definition.
        privacy_machine: ARN of the state machine that answers people's requests, or the path of its definition.
        ad_sync_machine: ARN of the state machine that reads advertising accounts, or the path of its definition.
        feedback_machine: ARN of the state machine that tells conversions, or the path of its definition.
        deletion_machine: ARN of the state machine that carries out deletions, or the path of its definition.
        secret: ARN of the platform secret, or the path of the embedded key file.
        public_url: where people reach the API, for the links in mails; without a slash at the end.
        mail_sender: whom mails come from: an address that SES has verified.
        mail_carrier: SES configuration set that reports what became of mails, or the embedded outbox folder.
        sign_up_domains: domains whose addresses may sign up without an invitation; None where every address may.
        smtp: the server that mail goes through in place of SES or the folder, such as `smtp://optiq@mail.example:587`
            (STARTTLS) or `smtps://optiq@mail.example:465`; empty for none.
        smtp_password: path of the file that has the password for it; empty for none.
        webhook_networks: networks beside the internet that organizations may have messages sent to, with blanks
            between, such as `10.0.0.0/8`; empty for none.
        oauth: ARN of a secret, or path of a file, that holds our clients at OAuth providers; empty for none.
        stripe: ARN of a secret, or path of a file, with our account at Stripe (billing/gateways/account.py); empty for
            none: then nobody pays, and nothing is limited.
        limits: `s3://bucket/name`, or the path of the file, that says whose events are refused where they are received;
            empty for none.
        warehouse_folder: the folder that organizations may copy their lakes to, each below its id; empty for none.
        warehouse_endpoints: addresses of stores like S3 that they may copy them to, with blanks between, such as
            `https://minio.example`; AWS's own is always allowed.
        geoip: path of a GeoIP database in MaxMind's format; empty for none.
        password_memory_kib: memory that hashing a password takes; less than the default only on one machine.
        site_events_per_second: how many events a second one process takes for a site, in the long run.
        site_burst_events: how many events a process takes for a site at once, after a pause.
        organization_events_per_second, organization_burst_events: the same for all sites of an organization together.
    """

    substrate: Literal["aws", "embedded"]
    table: str
    table_endpoint: str
    stream: str
    lake: str
    status: str
    database: str
    workgroup: str
    bus: str
    recompute_machine: str
    ad_sync_machine: str
    privacy_machine: str
    alert_sweep_machine: str
    feedback_machine: str
    deletion_machine: str
    secret: str
    public_url: str
    mail_sender: str
    mail_carrier: str
    sign_up_domains: tuple[str, ...] | None
    smtp: str
    smtp_password: str
    webhook_networks: str
    oauth: str
    stripe: str
    limits: str
    warehouse_folder: str
    warehouse_endpoints: str
    geoip: str
    password_memory_kib: int
    site_events_per_second: int
    site_burst_events: int
    organization_events_per_second: int
    organization_burst_events: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        substrate = environment.get("OPTIQ_SUBSTRATE", "aws")
        if substrate not in ("aws", "embedded"):
            raise ValueError(f"OPTIQ_SUBSTRATE must be 'aws' or 'embedded', not '{substrate}'")
        return cls(
            substrate="aws" if substrate == "aws" else "embedded",
            table=environment.get("OPTIQ_TABLE", "optiq"),
            table_endpoint=environment.get("OPTIQ_TABLE_ENDPOINT", ""),
            stream=environment.get("OPTIQ_STREAM", ""),
            lake=environment.get("OPTIQ_LAKE", ""),
            status=environment.get("OPTIQ_STATUS", ""),
            database=environment.get("OPTIQ_DATABASE", "optiq"),
            workgroup=environment.get("OPTIQ_WORKGROUP", "optiq"),
            bus=environment.get("OPTIQ_BUS", ""),
            recompute_machine=environment.get("OPTIQ_RECOMPUTE_MACHINE", ""),
            ad_sync_machine=environment.get("OPTIQ_AD_SYNC_MACHINE", ""),
            privacy_machine=environment.get("OPTIQ_PRIVACY_MACHINE", ""),
            alert_sweep_machine=environment.get("OPTIQ_ALERT_SWEEP_MACHINE", ""),
            feedback_machine=environment.get("OPTIQ_FEEDBACK_MACHINE", ""),
            deletion_machine=environment.get("OPTIQ_DELETION_MACHINE", ""),
            secret=environment.get("OPTIQ_SECRET", ""),
            public_url=environment.get("OPTIQ_PUBLIC_URL", "http://localhost:8080"),
            mail_sender=environment.get("OPTIQ_MAIL_SENDER", "Optiq <optiq@localhost>"),
            mail_carrier=environment.get("OPTIQ_MAIL_CARRIER", ""),
            sign_up_domains=_sign_up(environment),
            smtp=environment.get("OPTIQ_SMTP", ""),
            smtp_password=environment.get("OPTIQ_SMTP_PASSWORD", ""),
            webhook_networks=environment.get("OPTIQ_WEBHOOK_NETWORKS", ""),
            oauth=environment.get("OPTIQ_OAUTH", ""),
            stripe=environment.get("OPTIQ_STRIPE", ""),
            limits=environment.get("OPTIQ_LIMITS", ""),
            warehouse_folder=environment.get("OPTIQ_WAREHOUSE_FOLDER", ""),
            warehouse_endpoints=environment.get("OPTIQ_WAREHOUSE_ENDPOINTS", ""),
            geoip=environment.get("OPTIQ_GEOIP", ""),
            password_memory_kib=_password_memory(environment, substrate),
            site_events_per_second=_positive(environment, "OPTIQ_SITE_EVENTS_PER_SECOND", 1_000),
            site_burst_events=_positive(environment, "OPTIQ_SITE_BURST_EVENTS", 20_000),
            organization_events_per_second=_positive(environment, "OPTIQ_ORGANIZATION_EVENTS_PER_SECOND", 2_000),
            organization_burst_events=_positive(environment, "OPTIQ_ORGANIZATION_BURST_EVENTS", 20_000),
        )


def _password_memory(environment: Mapping[str, str], substrate: str) -> int:
    memory_kib = _positive(environment, "OPTIQ_PASSWORD_MEMORY_KIB", PASSWORD_MEMORY_KIB)
    if substrate == "aws" and memory_kib < PASSWORD_MEMORY_KIB:
        raise ValueError(f"OPTIQ_PASSWORD_MEMORY_KIB must be at least {PASSWORD_MEMORY_KIB}, not {memory_kib}")
    return memory_kib


def _sign_up(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    text = environment.get("OPTIQ_SIGN_UP", "").strip().lower() or "open"
    if text in ("open", "invited"):
        return None if text == "open" else ()
    domains = tuple(text.split())
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(
                f"OPTIQ_SIGN_UP must be 'open', 'invited', or domains such as 'a.example b.example', not '{text}'"
            )
    return domains


def _positive(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name} must be a positive whole number, not '{text}'")
    return int(text)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings.from_environment(os.environ)
