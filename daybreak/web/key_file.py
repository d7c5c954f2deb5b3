"""How does a new key, server or gateway come into `clinic.json`, so that a power cut leaves the old file or the new one?"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from daybreak.web.place import Key, Mail, NotReady, Texts, current, folder, is_loopback


def rotate(purpose: str) -> Key:
    """Put a new key first in the list of its purpose; no other byte of what the file says is changed."""
    home = folder()
    current()  # says what is wrong with the file before anything is written
    file = home / "clinic.json"
    with _alone(home) as directory:
        told = json.loads(file.read_text("utf-8"))
        keys = told["keys"].get(purpose, [])
        made = Key(str(1 + max((int(key["id"]) for key in keys), default=0)), secrets.token_urlsafe(48))
        told["keys"][purpose] = [{"id": made.id, "secret": made.secret}, *keys]
        _replace(file, json.dumps(told, indent=2) + "\n", directory)
    return made


def keep_mail(mail: Mail) -> None:
    """From the next start on notices leave by that server. NotReady when it could not be trusted with them."""
    current()
    if not mail.tls and not is_loopback(mail.host):
        raise NotReady(f"{mail.host} is another machine, and is reached by TLS only: give --starttls or --tls.")
    if mail.trusts and not Path(mail.trusts).is_file():
        raise NotReady(f"There is no file {mail.trusts}: expected the PEM file of the mail server's certificate.")
    if "@" not in mail.sender:
        raise NotReady(f"{mail.sender!r} is no mail address: expected --from NAME@DOMAIN")
    file = folder() / "clinic.json"
    with _alone(folder()) as directory:
        told = json.loads(file.read_text("utf-8")) | {"mail": asdict(mail)}
        _replace(file, json.dumps(told, indent=2) + "\n", directory)


def keep_texts(gateway: str) -> Texts:
    """From the next start on texts leave by that gateway ("": as files); what brings answers shows a new secret."""
    if gateway and not current().mail:
        raise NotReady("The gateway is reached by mail, and no mail server is named: daybreak outbox smtp HOST first.")
    if gateway and ("@" in gateway or "." not in gateway):
        raise NotReady(f"{gateway!r} is no domain: expected the part behind the @, as in texts.example.org.")
    current()
    texts = Texts(gateway, secrets.token_urlsafe(32))
    file = folder() / "clinic.json"
    with _alone(folder()) as directory:
        told = json.loads(file.read_text("utf-8")) | {"texts": asdict(texts)}
        _replace(file, json.dumps(told, indent=2) + "\n", directory)
    return texts


@contextmanager
def _alone(home: Path) -> Iterator[int]:
    """Two at once would lose one of the keys. The lock ends with the process, however it ends."""
    directory = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield directory
    finally:
        os.close(directory)


def _replace(file: Path, text: str, directory: int) -> None:
    new = file.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)  # left by a rotation that did not come to its end
        written = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(written, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
        os.fsync(directory)
    except OSError as error:
        raise NotReady(f"{file} cannot be written ({error.strerror}). Nothing was changed.") from None
