"""The platforms: every module of `vendors/`, as the operator configured it. No list of them is kept."""

import importlib
import json
import pkgutil
from functools import cache

from optiq.ads.platforms import vendors
from optiq.ads.platforms.contract import (
    Clicking,
    ClientSettings,
    HourlyReporting,
    Platform,
    Reporting,
    ReportRuns,
    SigningIn,
    TellingUsage,
    Uploading,
)
from optiq.ads.platforms.reported import Usage
from optiq.kernel.errors import InvalidError
from optiq.ports import wiring


@cache
def kinds() -> dict[str, type[Platform]]:
    """Every adapter, by the platform's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(vendors.__path__))
    found: list[type[Platform]] = [importlib.import_module(f"{vendors.__name__}.{name}").PLATFORM for name in names]
    return {kind.name: kind for kind in found}


def is_configured(name: str) -> bool:
    """Whether people can connect a platform here: it needs no sign-in, or the operator has an app there."""
    return not kinds()[name].capabilities.signs_in or name in _configured()


def get_platform(name: str) -> Platform:
    """Raises InvalidError for a platform that does not exist or that this system has no app at."""
    if name not in kinds():
        raise InvalidError(f"platform: must be one of {', '.join(kinds())}")
    kind = kinds()[name]
    if not is_configured(name):
        raise InvalidError(f"platform: the operator of this system has not set up {kind.title} yet")
    client = _configured().get(name, {"client_id": "", "client_secret": ""})
    settings = {**kind.defaults, **{key: value for key, value in client.items() if key in kind.defaults}}
    return kind(ClientSettings(client["client_id"], client["client_secret"], settings))


def signing_in(platform: Platform) -> SigningIn:
    """The platform as one that people sign in at. Raises InvalidError for another."""
    if not isinstance(platform, SigningIn):
        raise InvalidError(f"platform: {platform.title} need no sign-in")
    return platform


def reporting(platform: Platform) -> Reporting:
    """The platform as one whose numbers can be read. Raises InvalidError for another."""
    if not isinstance(platform, Reporting):
        raise InvalidError(f"platform: the numbers of {platform.title} cannot be read yet")
    return platform


def report_runs(platform: Platform) -> ReportRuns:
    """The platform as one that prepares reports. Raises InvalidError for another."""
    if not isinstance(platform, ReportRuns):
        raise InvalidError(f"platform: {platform.title} has no report runs")
    return platform


def usage_of(platform: Platform) -> Usage | None:
    """How much of a quota the platform's last answers say is used; None where it says nothing."""
    return platform.usage if isinstance(platform, TellingUsage) else None


def clicking(platform: Platform) -> Clicking:
    """The platform as one that tells which ad a click id is of. Raises InvalidError for another."""
    if not isinstance(platform, Clicking):
        raise InvalidError(f"platform: {platform.title} does not tell of clicks")
    return platform


def hourly(platform: Platform) -> HourlyReporting:
    """The platform as one that tells costs by the hour. Raises InvalidError for another."""
    if not isinstance(platform, HourlyReporting):
        raise InvalidError(f"platform: {platform.title} tells no hours")
    return platform


def uploading(platform: Platform) -> Uploading:
    """The platform as one that takes conversions. Raises InvalidError for another."""
    if not isinstance(platform, Uploading):
        raise InvalidError(f"platform: {platform.title} takes no conversions")
    return platform


def setting(name: str, key: str) -> str:
    """A setting of a platform: the operator's, or the default."""
    return str(_configured().get(name, {}).get(key, kinds()[name].defaults[key]))


def sealing_keys() -> dict[str, str]:
    """The operator's keys for sealing credentials, by version, in base64."""
    return _ads().get("sealing_keys", {})


def _configured() -> dict[str, dict[str, str]]:
    return {name: client for name, client in _ads().items() if name in kinds()}


def _ads() -> dict[str, dict[str, str]]:
    """`ads` of the secret of OAuth clients, which sign-in's are in too."""
    found: dict[str, dict[str, str]] = json.loads(wiring.oauth_clients()).get("ads", {})
    return found
