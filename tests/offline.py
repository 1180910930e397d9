"""The world as the tests see it: loopback and Unix sockets, nothing else."""

import errno
import ipaddress
import socket
from typing import Any

LOCAL_NAMES = {"localhost", "", None}

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def unplug() -> None:
    """Make this process a machine without a network: no name is found, no address but loopback is reached."""
    socket.socket.connect = _guarded(_connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded(_connect_ex)  # type: ignore[method-assign]
    socket.getaddrinfo = _local_names  # type: ignore[assignment]


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise OSError(errno.ENETUNREACH, f"tests reach loopback only, not {address[0]}")
        return connect(self, address)

    return guarded


def _local_names(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name in LOCAL_NAMES or str(name).endswith(".localhost") or _is_address(name):
        return _getaddrinfo(host, *arguments, **options)
    raise socket.gaierror(socket.EAI_NONAME, f"tests find no name, not even {name}")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name in LOCAL_NAMES or (_is_address(name) and ipaddress.ip_address(name.split("%")[0]).is_loopback)
