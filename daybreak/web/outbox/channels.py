"""How does a mail or a text leave: as a file in the clinic's folder, or by the clinic's mail server?

A channel returns when the mail has left for good, and raises NotSent otherwise.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from daybreak.web.outbox.models import FILE, TEXT_FILE
from daybreak.web.place import Mail, Place

PATIENCE = 15  # seconds for one answer of the server


class NotSent(Exception):
    """The mail has not left. `error` is the id of a sentence; `unclear`: it may have left all the same.

    What the server said is not kept: it may repeat addresses.
    """

    def __init__(self, error: str, *, unclear: bool = False) -> None:
        super().__init__(error)
        self.error, self.unclear = error, unclear


def send(mail: EmailMessage, *, channel: str, name: str, place: Place) -> None:
    """Send it by that channel. `name`: that of the file; the same again takes the place of the first."""
    if channel in (FILE, TEXT_FILE):
        by_file(mail, folder=place.outbox, name=f"{name}.eml" if channel == FILE else f"{name}.text")
    elif place.mail is None:
        raise NotSent("outbox.error_no_server")
    else:
        by_smtp(mail, server=place.mail)


def by_file(mail: EmailMessage, *, folder: Path, name: str) -> None:
    """There whole and on disk, or not there at all; readable by the clinic's own user alone."""
    beside = folder / f".{name}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, folder / name)
        listing = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(listing)
        finally:
            os.close(listing)
    except OSError:
        raise NotSent("outbox.error_folder") from None


def by_smtp(mail: EmailMessage, *, server: Mail) -> None:
    """The server has taken it: from then on it is the server's to deliver."""
    connection = _opened(server)
    try:
        connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("outbox.error_address_refused") from None
    except smtplib.SMTPResponseException:
        raise NotSent("outbox.error_refused") from None
    except (OSError, smtplib.SMTPException):  # silent after it may have had everything
        raise NotSent("outbox.error_broken_off", unclear=True) from None
    finally:  # a server that parts badly changes nothing about what it took or refused
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def _opened(server: Mail) -> smtplib.SMTP:
    trusts = ssl.create_default_context(cafile=server.trusts or None) if server.tls else None
    at = {"host": server.host, "port": server.port, "timeout": PATIENCE}
    try:
        connection = smtplib.SMTP_SSL(**at, context=trusts) if server.tls == "tls" else smtplib.SMTP(**at)
    except ssl.SSLError:
        raise NotSent("outbox.error_certificate") from None
    except (OSError, smtplib.SMTPException):
        raise NotSent("outbox.error_unreachable") from None
    try:
        if server.tls == "starttls":
            connection.starttls(context=trusts)
        if server.user:
            connection.login(server.user, server.password)
        return connection
    except (ssl.SSLError, smtplib.SMTPNotSupportedError):
        error = "outbox.error_certificate"
    except smtplib.SMTPAuthenticationError:
        error = "outbox.error_sign_in"
    except (OSError, smtplib.SMTPException):
        error = "outbox.error_unreachable"
    connection.close()
    raise NotSent(error) from None
