"""What does a mail server say to us? A small one on this machine, that can be told to misbehave."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.browser.tls import Certificate

USER, PASSWORD = "clinic", "a password with blanks"


@dataclass
class Postbox:
    """What came in, and how the server behaves. `says` replaces the answer to a command; `hangs_up_after` one of them."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    hangs_up_after: str = ""


@contextlib.contextmanager
def running(*, tls: str = "", certificate: Certificate | None = None) -> Iterator[Postbox]:
    """The server, until the block ends."""
    box = Postbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate.file, certificate.key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        box.port = listening.getsockname()[1]
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError, ValueError):
                    connection, _ = listening.accept()
                    with connection:
                        if tls == "tls":
                            connection = context.wrap_socket(connection, server_side=True)
                        with connection:
                            connection.settimeout(5)
                            _talk(connection, box, context if tls == "starttls" else None)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            stop.set()
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", box.port), timeout=1).close()
            thread.join(5)


def _talk(connection: socket.socket, box: Postbox, starttls: ssl.SSLContext | None) -> None:
    with contextlib.ExitStack() as open_ones:
        _answer(connection, box, starttls, open_ones)


def _answer(
    connection: socket.socket, box: Postbox, starttls: ssl.SSLContext | None, open_ones: contextlib.ExitStack
) -> None:
    lines = open_ones.enter_context(connection.makefile("rb"))

    def say(text: str) -> None:
        connection.sendall(text.encode() + b"\r\n")

    say("220 postbox")
    while line := lines.readline():
        command, _, rest = line.decode().strip().partition(" ")
        command = command.upper()
        if box.says.get(command):
            say(box.says[command])
        elif command == "EHLO":
            say("250-postbox\r\n250-STARTTLS\r\n250 AUTH PLAIN" if starttls else "250-postbox\r\n250 AUTH PLAIN")
        elif command == "STARTTLS" and starttls:
            say("220 go ahead")
            connection = open_ones.enter_context(starttls.wrap_socket(connection, server_side=True))
            lines = open_ones.enter_context(connection.makefile("rb"))
        elif command == "AUTH":
            right = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
            say("235 come in" if rest == f"PLAIN {right}" else "535 no")
        elif command == "DATA":
            say("354 go on")
            mail = b""
            while (line := lines.readline()) not in (b".\r\n", b""):
                mail += line
            box.mails.append(mail)
            if box.hangs_up_after == "DATA":
                return
            say("250 kept")
        elif command == "QUIT":
            say("221 bye")
            return
        else:
            if command == "RCPT":
                box.recipients.append(rest)
            say("250 fine")
