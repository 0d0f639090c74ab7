"""Only Optiq reaches the table's server, which itself would answer anybody on this machine.

On Linux the kernel checks every segment: the server's listening socket gets a key, and what does not carry a signature
by that key is dropped (TCP's MD5 option, RFC 2385; docs/decisions/0025-the-table-answers-optiq-alone.md). The key is
random for each start, in a file that only the owner reads. Elsewhere the server stays open, and that is logged.
"""

import ctypes
import logging
import os
import secrets
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from urllib3.util import connection as urllib3_connection

from infra.local.home import StartError

KEY_VARIABLE = "OPTIQ_TABLE_KEY"
"""The path of the key's file, in every process that reaches a protected table."""

_KEY_BYTES = 32
_HOST = "127.0.0.1"
_ANY = "0.0.0.0"  # noqa: S104 - matches peers; nothing is bound to it
_TCP_MD5SIG, _TCP_MD5SIG_EXT, _FLAG_PREFIX = 14, 32, 1
_PIDFD_GETFD = 438
_LISTENING, _OPEN = "0A", {"01", "03", "08"}
"""States of a socket in /proc/net/tcp. What a server leaves behind that ended is in none of these."""
_PATIENCE_SECONDS = 20.0
_ACCEPT_SECONDS = 2.0
"""A server takes up a connection within this time; one that it has not taken up cannot be examined."""
_LOG = logging.getLogger(__name__)


class IntrusionError(Exception):
    """Somebody connected to the server before it was protected."""


def new_key(file: Path) -> None:
    """Writes a fresh key; the file must not exist. Raises OSError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(secrets.token_bytes(_KEY_BYTES))


def can_protect() -> bool:
    """Whether this kernel lets us give a socket a key, and take over a socket of a child."""
    if sys.platform != "linux":
        return False
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.IPPROTO_TCP, _TCP_MD5SIG_EXT, _signature(_ANY, b"k", _FLAG_PREFIX))
        _take_over_of_a_child()
    except OSError as error:
        _LOG.warning(
            "other programs on this machine can reach the table's server: the kernel gives it no key (%s)",
            error.strerror,
        )
        return False
    return True


class Protection:
    """Keeps others from a server that is started, perhaps again and again, at one port."""

    def __init__(self, port: int, key: bytes) -> None:
        self._port = port
        self._key = key
        self._before: Mapping[str, str] = {}

    def before_start(self) -> None:
        """Notes what a server that ended has left behind at the port. Raises OSError."""
        self._before = _peers(self._port)

    def started(self, pid: int) -> None:
        """Gives the server's listening socket the key, as soon as it listens.

        Raises:
            IntrusionError: somebody was quicker; the server must not be used.
            OSError: it does not listen, or the kernel refuses.
        """
        with closing(_listening(pid, self._port)) as listener:
            # For peers of every address of this machine, not just the loopback's.
            listener.setsockopt(socket.IPPROTO_TCP, _TCP_MD5SIG_EXT, _signature(_ANY, self._key, _FLAG_PREFIX))
        # Our own processes may connect before this thread looks: their connections are signed.
        give_up = time.monotonic() + _ACCEPT_SECONDS
        while strangers := self._connected() - _signed_peers(pid, self._port, self._key):
            if time.monotonic() > give_up:
                raise IntrusionError(f"another program connected to it first, from {', '.join(sorted(strangers))}")
            time.sleep(0.05)

    def _connected(self) -> set[str]:
        """Who has connected to the server since its start, as /proc/net/tcp writes addresses."""
        return {peer for peer, state in _peers(self._port).items() if peer not in self._before or state in _OPEN}


def sign_connections(environment: Mapping[str, str]) -> None:
    """Lets this process reach the table: its connections there, and no others, are signed.

    Raises:
        StartError: the key is gone while the system runs.
        OSError: it cannot be read.
    """
    urllib3_connection.create_connection = _CREATE_CONNECTION
    if not environment.get(KEY_VARIABLE):
        return
    file = Path(environment[KEY_VARIABLE])
    if not file.exists():
        raise StartError(f"{file} is gone: stop Optiq and start it again, for each start makes a new key")
    key = file.read_bytes()
    table = (_HOST, int(environment["OPTIQ_TABLE_ENDPOINT"].rpartition(":")[2]))
    signed = (socket.IPPROTO_TCP, _TCP_MD5SIG, _signature(_HOST, key))

    def create_connection(address: tuple[str, int], *rest: Any, **options: Any) -> socket.socket:
        if address == table:
            options["socket_options"] = [*(options.get("socket_options") or ()), signed]
        return _CREATE_CONNECTION(address, *rest, **options)

    # botocore and urllib3 both open their connections by this function, and neither lets a client bring its own.
    urllib3_connection.create_connection = create_connection


_CREATE_CONNECTION = urllib3_connection.create_connection


def _signature(address: str, key: bytes, flags: int = 0) -> bytes:
    """The kernel's struct tcp_md5sig, with a prefix of no bits (include/uapi/linux/tcp.h)."""
    peer = struct.pack("=HH4s", socket.AF_INET, 0, socket.inet_aton(address)).ljust(128, b"\0")
    return peer + struct.pack("=BBHi80s", flags, 0, len(key), 0, key)


def _take_over_of_a_child() -> None:
    """Raises OSError where a process may not take over its children's sockets."""
    ours, childs = socket.socketpair()
    with ours, childs, subprocess.Popen(["cat"], stdin=childs.fileno(), stdout=subprocess.DEVNULL) as child:  # noqa: S607
        try:
            _taken_over(child.pid, 0).close()
        finally:
            child.kill()


def _listening(pid: int, port: int) -> socket.socket:
    """Our own handle of the socket by which a process listens at a port."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        for taken in _sockets(pid):
            if _listens(taken, port):
                return taken
            taken.close()
        time.sleep(0.002)
    raise TimeoutError(f"process {pid} does not listen at port {port}")


def _listens(taken: socket.socket, port: int) -> bool:
    return (
        taken.family == socket.AF_INET
        and bool(taken.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
        and taken.getsockname()[1] == port
    )


def _sockets(pid: int) -> Iterator[socket.socket]:
    """Handles of a process's sockets. Raises OSError when it has ended."""
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            is_socket = entry.readlink().name.startswith("socket:")
        except FileNotFoundError:
            continue  # closed while we looked
        if is_socket:
            yield _taken_over(pid, int(entry.name))


def _signed_peers(pid: int, port: int, key: bytes) -> set[str]:
    """The peers of a process's connections at a port that carry our signature, as /proc/net/tcp writes addresses."""
    signed = set()
    for taken in _sockets(pid):
        with closing(taken):
            try:
                peer, peer_port = taken.getpeername()
            except (OSError, ValueError):
                continue  # not a connection, or none of IPv4
            if taken.getsockname()[1] == port and _is_signed(taken, peer, key):
                signed.add(f"{int.from_bytes(socket.inet_aton(peer), sys.byteorder):08X}:{peer_port:04X}")
    return signed


def _is_signed(connection: socket.socket, peer: str, key: bytes) -> bool:
    """The kernel tells nobody whether a connection has a key, but takes away only one that is there."""
    try:
        connection.setsockopt(socket.IPPROTO_TCP, _TCP_MD5SIG, _signature(peer, b""))
    except OSError:
        return False
    connection.setsockopt(socket.IPPROTO_TCP, _TCP_MD5SIG, _signature(peer, key))
    return True


def _taken_over(pid: int, descriptor: int) -> socket.socket:
    handle = os.pidfd_open(pid)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        taken = libc.syscall(_PIDFD_GETFD, handle, descriptor, 0)
        if taken < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        return socket.socket(fileno=taken)
    finally:
        os.close(handle)


def _peers(port: int) -> dict[str, str]:
    """The state of each connection at a port of this machine, by its peer (the kernel's proc_net_tcp.rst)."""
    found = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, peer, state, *_ = line.split()
        if int(local.rpartition(":")[2], 16) == port and state != _LISTENING:
            found[peer] = state
    return found
