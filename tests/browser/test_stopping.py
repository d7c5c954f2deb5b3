"""Does a clinic with open browsers stop at once, without losing what somebody just asked for?"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from daybreak.web.people import actions
from daybreak.web.people.roles import Role
from tests.browser.clinic import Clinic, own_database
from tests.browser.tls import certificate
from tests.web.conftest import signed_in

AT_ONCE = 6  # seconds, on a machine with other work; while idle browsers were waited for it was more than ten


@pytest.fixture
def running(django_db_setup: None, django_db_blocker: Any, tmp_path: Any) -> Iterator[Clinic]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shown = certificate(settings.PLACE.host, tmp_path)
    with django_db_blocker.unblock(), own_database("stopping", tmp_path) as address:
        found = Clinic(port, shown, address, tmp_path / "log")
        try:
            found.start()
            found.sites.append(actions.found(organisation="Dawn", site="Main", rooms=[], at=datetime.now(UTC)))
            yield found
        finally:
            found.stop()


def asked(clinic: Clinic, address: str, cookie: str = "") -> ssl.SSLSocket:
    """A browser that asks for a page. It keeps its connection open, and says nothing when it is closed."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    browser = trusting.wrap_socket(socket.create_connection(("127.0.0.1", clinic.port), timeout=20))
    browser.sendall(f"GET {address} HTTP/1.1\r\nHost: {settings.PLACE.host}\r\nCookie: {cookie}\r\n\r\n".encode())
    return browser


def page(browser: ssl.SSLSocket) -> str:
    """The whole answer."""
    said = b""
    while not said.rstrip().endswith(b"</html>"):
        more = browser.recv(65536)
        assert more, said
        said += more
    return said.decode()


def test_idle_browsers_are_left_and_an_answer_under_way_arrives_whole(running) -> None:
    lee = running.member("lee", Role.NURSE).person
    session = f"{settings.SESSION_COOKIE_NAME}={signed_in(lee).cookies[settings.SESSION_COOKIE_NAME].value}"
    with ExitStack() as browsers:
        idle = [browsers.enter_context(asked(running, "/login/")) for _ in range(3)]
        assert all(page(one).startswith("HTTP/1.1 200") for one in idle)
        with transaction.atomic():  # so that the line about the refusal has to wait
            busy = browsers.enter_context(asked(running, "/audit/", session))
            time.sleep(1)
            running.process.terminate()
            began = time.monotonic()
            time.sleep(1)
        assert page(busy).startswith("HTTP/1.1 403")
        assert running.process.wait(timeout=60) == 0
        assert time.monotonic() - began < AT_ONCE
