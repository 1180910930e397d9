"""Contract tests open no socket: whatever tries fails, naming the address."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest


class SocketUsed(AssertionError):
    """A connector went around its session."""


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shut every way out that Python has."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise SocketUsed(f"a socket was used outside the session: {args[1:] or args}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    yield
