"""Which adapter stands behind each port, by the substrate of this process. Adapters are imported when first used."""

from functools import lru_cache
from pathlib import Path

from optiq.kernel.secrets import read_platform_secret_by
from optiq.kernel.settings import settings
from optiq.ports.bucket import Files
from optiq.ports.bus import Bus
from optiq.ports.edge_limits import EdgeLimits
from optiq.ports.lake import Lake
from optiq.ports.mail import Mailer
from optiq.ports.query import Query
from optiq.ports.stream import Stream
from optiq.ports.workflows import Workflows


@lru_cache(maxsize=1)
def stream() -> Stream:
    if settings().substrate == "aws":
        from optiq.ports.stream_kinesis import KinesisStream

        return KinesisStream(settings().stream)
    from optiq.ports.stream_log import LogStream

    return LogStream(settings().stream)


@lru_cache(maxsize=1)
def bus() -> Bus:
    if settings().substrate == "aws":
        from optiq.ports.bus_eventbridge import EventBridgeBus

        return EventBridgeBus(settings().bus)
    from optiq.ports.bus_log import LogBus

    return LogBus(settings().bus)


@lru_cache(maxsize=1)
def lake() -> Lake:
    if settings().substrate == "aws":
        from optiq.ports.lake_s3 import S3Lake

        return S3Lake(settings().lake)
    from optiq.ports.lake_folder import FolderLake

    return FolderLake(settings().lake)


@lru_cache(maxsize=1)
def status_files() -> Files:
    """Where the status page is written to. One machine's may be served by a proxy while Optiq is down."""
    if settings().substrate == "aws":
        from optiq.ports.bucket_s3 import own_bucket

        return own_bucket(settings().status)
    from optiq.ports.bucket_folder import FolderBucket

    return FolderBucket(Path(settings().status))


@lru_cache(maxsize=1)
def query() -> Query:
    if settings().substrate == "aws":
        from optiq.ports.query_athena import AthenaQuery

        return AthenaQuery(settings().database, settings().workgroup, settings().lake)
    from optiq.ports.query_duckdb import DuckDBQuery

    return DuckDBQuery(settings().lake)


@lru_cache(maxsize=1)
def workflows() -> Workflows:
    if settings().substrate == "aws":
        from optiq.ports.workflows_step_functions import StepFunctionsWorkflows

        return StepFunctionsWorkflows()
    from optiq.ports.workflows_queue import QueueWorkflows

    return QueueWorkflows(settings().stream)


@lru_cache(maxsize=1)
def edge_limits() -> EdgeLimits:
    """Raises ValueError where this process is told of none (OPTIQ_LIMITS)."""
    if not settings().limits:
        raise ValueError("OPTIQ_LIMITS must say where the edge's limits are")
    if settings().substrate == "aws":
        from optiq.ports.edge_limits_s3 import S3EdgeLimits

        return S3EdgeLimits(settings().limits)
    from optiq.ports.edge_limits_file import FileEdgeLimits

    return FileEdgeLimits(settings().limits)


@lru_cache(maxsize=1)
def mailer() -> Mailer:
    if settings().smtp:
        from optiq.ports.mail_smtp import SmtpMailer

        return SmtpMailer(settings().mail_sender, settings().smtp, settings().smtp_password)
    if settings().substrate == "aws":
        from optiq.ports.mail_ses import SesMailer

        return SesMailer(settings().mail_sender, settings().mail_carrier)
    from optiq.ports.mail_outbox import OutboxMailer

    return OutboxMailer(settings().mail_sender, settings().mail_carrier)


@lru_cache(maxsize=1)
def oauth_clients() -> bytes:
    """Our clients at OAuth providers, as JSON (identity/gateways/providers.py)."""
    if not settings().oauth:
        return b"{}"
    if settings().substrate == "aws":
        from optiq.ports.secret_manager import read_secret

        return read_secret(settings().oauth)
    return Path(settings().oauth).read_bytes()


@lru_cache(maxsize=1)
def stripe_account() -> bytes:
    """Our account at Stripe, as JSON (billing/gateways/account.py); empty where there is none."""
    if not settings().stripe:
        return b""
    if settings().substrate == "aws":
        from optiq.ports.secret_manager import read_secret

        return read_secret(settings().stripe)
    return Path(settings().stripe).read_bytes()


@lru_cache(maxsize=1)
def platform_secret() -> bytes:
    """The one secret everything keyed is derived from (kernel/secrets.py)."""
    if settings().substrate == "aws":
        from optiq.ports.secret_manager import read_secret
    else:
        from optiq.ports.secret_file import read_secret
    return read_secret(settings().secret)


read_platform_secret_by(platform_secret)
