"""Is the network closed to tests?"""

from __future__ import annotations

import socket

import pytest

ELSEWHERE = ("192.0.2.1", 80)  # an address that is reserved for examples


def test_another_machine_is_refused() -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        one.connect(ELSEWHERE)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
