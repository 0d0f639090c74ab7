"""What an advertising platform is to Optiq. Each is one file of `vendors/`; the rest of ads knows this contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from optiq.ads.platforms.asking import Answered
from optiq.ads.platforms.reported import EntityId, Level, ReportedClick, ReportedHour, ReportedRow, Usage, VendorEntity
from optiq.ads.platforms.traits import Capabilities, Landing
from optiq.ads.platforms.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Handshake:
    """What belongs to one attempt to connect. `verifier` is PKCE's, for the platforms that have it.

    Attributes:
        uploads: the person is asked to permit that the platform is told conversions, too.
    """

    redirect_uri: str
    state: str
    verifier: str
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a platform granted. Never in a log, an error or an audit entry.

    Attributes:
        access: sent with every request. refresh: renews it, or "".
        access_expires_ms, refresh_expires_ms: None for what does not end by itself.
    """

    access: str
    issued_ms: int
    refresh: str = ""
    access_expires_ms: int | None = None
    refresh_expires_ms: int | None = None
    scopes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Tokens(issued_ms={self.issued_ms})"


@dataclass(frozen=True, slots=True)
class VendorAccount:
    """An advertising account as the platform lists it.

    Attributes:
        status: ACTIVE, or why nothing can be read of it. platform_status: the platform's own word.
        login_id: the account to name when asking, such as Google's manager; "" for none.
    """

    external_id: str
    name: str
    currency: str
    timezone: str
    status: Literal["ACTIVE", "INACTIVE", "NO_ACCESS"] = "ACTIVE"
    platform_status: str = ""
    login_id: str = ""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """The operator's app at a platform: its id and secret, and the settings, with the defaults where none are given."""

    client_id: str
    client_secret: str
    settings: Mapping[str, str]

    def __repr__(self) -> str:
        return f"ClientSettings({self.client_id})"


class Platform(Protocol):
    """An advertising platform. Every method that asks it raises PlatformError.

    Attributes:
        defaults: settings that an operator may change: `version` and the base addresses.
    """

    name: str
    title: str
    capabilities: Capabilities
    landing: Landing
    defaults: Mapping[str, str]

    def __init__(self, client: ClientSettings, /) -> None: ...

    def accounts(self, access: str, /) -> list[VendorAccount]:
        """The accounts that a login may read, without those that only manage others."""
        ...


@runtime_checkable
class SigningIn(Platform, Protocol):
    """A platform that people permit Optiq to read at the platform's own page."""

    def authorization_url(self, handshake: Handshake, /) -> str:
        """Where to send the person."""
        ...

    def exchange(self, code: str, handshake: Handshake, now_ms: int, /) -> Tokens:
        """The tokens of a code that came back. Raises InvalidError when the person did not permit enough."""
        ...

    def refresh(self, tokens: Tokens, now_ms: int, /) -> Tokens:
        """Other tokens in place of these. REAUTH when they are not accepted any more."""
        ...

    def revoke(self, tokens: Tokens, /) -> None:
        """Takes Optiq's permission back at the platform."""
        ...


@runtime_checkable
class Reporting(Platform, Protocol):
    """A platform whose numbers can be read."""

    def entities(self, access: str, external_id: str, login_id: str, /) -> list[VendorEntity]:
        """Every campaign, group and ad that its lists have, idle ones too, in any order; or none of them."""
        ...

    def entities_by_id(
        self, access: str, external_id: str, login_id: str, missing: Collection[EntityId], /
    ) -> list[VendorEntity]:
        """Those of entities which its lists lack that it still knows, such as Meta's deleted campaigns."""
        ...

    def report(
        self, access: str, external_id: str, login_id: str, level: Level, first: str, last: str, /
    ) -> list[ReportedRow]:
        """Every row of a level on these days of the account, both included, or none of them.

        They are `step_days` at most. Raises MovedPagesError besides PlatformError and BadNumberError.
        """
        ...


@runtime_checkable
class HourlyReporting(Reporting, Protocol):
    """A platform that tells costs by the hour, for sites with another clock than the account."""

    def hours(self, access: str, external_id: str, login_id: str, first: str, last: str, /) -> list[ReportedHour]:
        """Every hour with anything of every campaign on these days, both included, or none of them."""
        ...


RunProgress = Literal["NOT_STARTED", "RUNNING", "DONE"]


@runtime_checkable
class ReportRuns(Reporting, Protocol):
    """A platform that prepares reports: a run is begun, asked about, and read when it is done."""

    def begin_run(self, access: str, external_id: str, login_id: str, level: Level, first: str, last: str, /) -> str:
        """The id of a run for a level of these days of the account, both included. SPLIT when that is too much."""
        ...

    def runs_progress(self, access: str, run_ids: Sequence[str], /) -> Mapping[str, RunProgress | Verdict]:
        """How far each run is; SPLIT for one that failed or that the platform skipped."""
        ...

    def run_rows(self, access: str, external_id: str, run_id: str, level: Level, /) -> list[ReportedRow]:
        """Every row of a run that is DONE, or none of them."""
        ...


@runtime_checkable
class TellingUsage(Platform, Protocol):
    """A platform whose answers say how much of a quota is used. `usage` is the worst of what the last ones say."""

    usage: Usage | None


@runtime_checkable
class Clicking(Platform, Protocol):
    """A platform that tells which ad a click id is of."""

    def clicks(self, access: str, external_id: str, login_id: str, day: str, /) -> list[ReportedClick]:
        """Every click of a day of the account, or none of them."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A request to a platform's API for conversions: `path` below its address, and JSON byte for byte."""

    method: str
    path: str
    body: bytes = b""


@runtime_checkable
class Uploading(Platform, Protocol):
    """A platform that takes conversions. What is in them is for the context feedback to say."""

    def upload(self, access: str, upload: Upload, /) -> Answered:
        """What it answers, whatever that is. Raises PlatformError: there is no answer, or the token is not accepted."""
        ...
