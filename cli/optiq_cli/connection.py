"""Which system a command talks to, and as who."""

import ipaddress
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from optiq_cli import machine
from optiq_cli.client import Client
from optiq_cli.options import command_in_use, given

OPERATOR_PREFIX = "op_"
_RENEW_SECONDS = 600
"""A key for one organization lasts 15 minutes; a new one is asked for before that."""


class System:
    """The system that the options name, and what its key opens.

    Raises:
        UsageError: an option cannot be understood. ClickException: no system runs here.
    """

    def __init__(self) -> None:
        url, _ = given("url")
        home = machine.home_at(given("home")[0])
        key = _given_key()
        self.url = _checked_url(url) if url else machine.running_url(home)
        self._key = _constant(key) if key or url else partial(machine.operator_key, home)
        self.has_key = bool(self._key())
        self.is_operator = self._key().startswith(OPERATOR_PREFIX)

    def anybody(self) -> Client:
        """For what needs no key."""
        return self._client(lambda: "")

    def operator(self) -> Client:
        """For the operator's routes. Raises UsageError for another key."""
        self._require_key()
        if not self.is_operator:
            raise click.UsageError(
                f"`{command_in_use()}` needs the operator's key: run it on the system's machine, "
                "or get a key with `optiq operator-key`"
            )
        return self._client(self._key)

    def of_site(self, site_id: str) -> Client:
        """For the routes of the site's organization."""
        return self._tenant({"site_id": site_id})

    def of_organization(self, organization_id: str | None) -> Client:
        """For the routes of an organization. Raises UsageError when the operator names none, or an API key another."""
        self._require_key()
        if not self.is_operator and organization_id:
            client = self._client(self._key)
            if client.get("/v1/whoami")["organization_id"] != organization_id:
                raise click.UsageError("--organization: the API key belongs to another organization")
            return client
        if self.is_operator and not organization_id:
            raise click.UsageError("--organization: name one; `optiq org list` shows them")
        return self._tenant({"organization_id": organization_id})

    def _tenant(self, named: dict[str, str | None]) -> Client:
        self._require_key()
        if not self.is_operator:
            return self._client(self._key)
        return self._client(_Access(self.operator(), {**named, "purpose": command_in_use()}))

    def _client(self, key: Callable[[], str]) -> Client:
        client = Client(self.url, key)
        click.get_current_context().call_on_close(client.close)
        return client

    def _require_key(self) -> None:
        if not self.has_key:
            raise click.UsageError("a key is needed with --url: give it with --api-key-file or OPTIQ_API_KEY")


class _Access:
    """The operator's key for one organization, which has an entry in its audit log for each."""

    def __init__(self, operator: Client, body: dict[str, str | None]) -> None:
        self._operator = operator
        self._body = body
        self._key = ""
        self._until = 0.0

    def __call__(self) -> str:
        if time.monotonic() >= self._until:
            self._key = str(self._operator.post("/v1/operator/access", self._body)["key"])
            self._until = time.monotonic() + _RENEW_SECONDS
        return self._key


def _constant(key: str) -> Callable[[], str]:
    return lambda: key


def _checked_url(text: str) -> str:
    """Raises UsageError. Warns of a key that others on the way could read."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise click.UsageError(f"--url: {error}; give an address such as https://optiq.example.com") from error
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise click.UsageError("--url: give an address such as https://optiq.example.com")
    if parts.scheme == "http" and not _is_here(host):
        click.echo(f"Warning: {host} is asked by http: others on the way can read the key. Use https.", err=True)
    return text.rstrip("/")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _given_key() -> str:
    """The key of the options or the environment; what is typed goes first. Raises UsageError."""
    (key, key_typed), (file, file_typed) = given("api_key"), given("api_key_file")
    if key_typed and file_typed:
        raise click.UsageError("give either --api-key or --api-key-file")
    if file and (file_typed or not key):
        try:
            key = Path(file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "is no text"
            raise click.UsageError(f"--api-key-file: {file}: {why}") from error
        if not key:
            raise click.UsageError(f"--api-key-file: {file} is empty")
    key = (key or "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise click.UsageError("--api-key: a key has letters, digits and - _ . only")
    return key
