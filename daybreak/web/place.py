"""Where does this clinic keep its things, how is it reached, and with which secrets?

`daybreak setup` writes one file, `clinic.json`, into the clinic's folder (`DAYBREAK_HOME`). It is outside the database and
the repository, readable by its owner alone, and in no backup: with the database alone nobody can sign in, open a link or
forge a line of the audit trail. `DAYBREAK_DATABASE` and `DAYBREAK_PUBLIC_URL` go before what the file says.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PURPOSES = ("django", "audit", "links", "second-factor", "signatures")
LATER = ("signatures",)  # a clinic of before they were there has none, until `daybreak keys rotate` makes the first


class NotReady(Exception):
    """Somebody at the command line has to do something first; the message says what."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret. A new one is put first in its list; older ones still open what they closed."""

    id: str
    secret: str

    def mac(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of the content."""
        return hmac.digest(self.secret.encode(), content, hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server of the clinic. `tls`: "tls", "starttls", or empty on this machine; `trusts`: a certificate file."""

    host: str
    port: int
    sender: str
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    trusts: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """How texts reach phones: as mails to NUMBER@`gateway`, or (empty) as files for a program that sends them. `secret`: what
    it shows when it brings an answer."""

    gateway: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that is decided before the first request: profile, address, database, keys by purpose (newest first)."""

    home: Path
    profile: str
    public_url: str
    database: str
    keys: Mapping[str, tuple[Key, ...]]
    mail: Mail | None = None
    texts: Texts | None = None

    @property
    def outbox(self) -> Path:
        """The folder of the notices that leave as files."""
        return self.home / "outbox"

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def heads(self) -> Path:
        """The folder in which the audit trail's heads are kept, outside the database."""
        return self.home / "audit-heads"

    def key(self, purpose: str, id: str | None = None) -> Key | None:
        """The newest key of the purpose, or the one with that id; None when there is none."""
        return next((key for key in self.keys[purpose] if id in (None, key.id)), None)


def folder() -> Path:
    """The clinic's folder: `DAYBREAK_HOME`, else the usual place for a user's data."""
    named = os.environ.get("DAYBREAK_HOME")
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(named) if named else Path(data, "daybreak")


def is_set_up() -> bool:
    """Is there a clinic in the folder?"""
    return (folder() / "clinic.json").exists()


def demand_same(*, profile: str, public_url: str | None, database: str | None) -> None:
    """A second set-up changes nothing. NotReady when it asks for something else than the first."""
    place = current()
    for name, asked, has in (
        ("profile", profile, place.profile),
        ("public_url", public_url, place.public_url),
        ("database", database, place.database),
    ):
        if asked not in (None, has):
            raise NotReady(
                f"The clinic in {place.home} has another {name}. Setting up again changes nothing that is there: "
                "give the same, edit clinic.json, or set up another clinic in another DAYBREAK_HOME."
            )


def current() -> Place:
    """The clinic of this folder. NotReady when it was not set up, or when others can read its secrets."""
    file = folder() / "clinic.json"
    if not file.is_file():
        raise NotReady(f"There is no clinic in {folder()}: run daybreak setup, or name its folder in DAYBREAK_HOME.")
    mode = file.stat().st_mode & 0o777
    if mode != 0o600:
        raise NotReady(f"{file} has mode {mode:o}, so that others may read its secrets. Expected 600: chmod 600 {file}")
    told = json.loads(file.read_text("utf-8"))
    place = Place(
        home=folder(),
        profile=told["profile"],
        public_url=os.environ.get("DAYBREAK_PUBLIC_URL") or told["public_url"],
        database=os.environ.get("DAYBREAK_DATABASE") or told["database"],
        keys={purpose: tuple(Key(**key) for key in _keys(told["keys"], purpose)) for purpose in PURPOSES},
        mail=Mail(**told["mail"]) if "mail" in told else None,
        texts=Texts(**told["texts"]) if "texts" in told else None,
    )
    check_address(place.public_url, profile=place.profile)
    return place


def _keys(told: Mapping[str, list[dict[str, str]]], purpose: str) -> list[dict[str, str]]:
    return told.get(purpose, []) if purpose in LATER else told[purpose]


def make(*, profile: str, public_url: str, database: str | None) -> Place:
    """Write the file of a new clinic with new secrets; nothing of the kind may be there yet."""
    check_address(public_url, profile=profile)
    home = folder().absolute()
    place = Place(
        home=home,
        profile=profile,
        public_url=public_url,
        database=database or f"sqlite://{home / 'daybreak.sqlite3'}",
        keys={purpose: (Key("1", secrets.token_urlsafe(48)),) for purpose in PURPOSES},
    )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if profile == "clinic":
        _shut(home)
    told = {
        "profile": profile,
        "public_url": public_url,
        "database": place.database,
        "keys": {
            purpose: [{"id": key.id, "secret": key.secret} for key in place.keys[purpose]] for purpose in PURPOSES
        },
    }
    written = os.open(home / "clinic.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(written, "w", encoding="utf-8") as file:
        file.write(json.dumps(told, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return place


def _shut(home: Path) -> None:
    """A folder that was there before is for its owner alone from now on, if that takes nothing else from anybody."""
    mode = home.stat().st_mode & 0o777
    if mode & 0o077 == 0:
        return
    why = "holds other things" if any(home.iterdir()) else ""
    if not why:
        try:
            home.chmod(0o700)
        except OSError as error:
            why = f"cannot be shut ({error.strerror})"
    if why:
        raise NotReady(
            f"{home} has mode {mode:o}, so that others may look into it, and {why}. Expected a folder that is its "
            f"owner's alone: chmod 700 {home}, or name a new folder in DAYBREAK_HOME. Nothing was written."
        )


def check_address(public_url: str, *, profile: str) -> None:
    """Refuse an address under which a clinic could not be trusted; a demo is for this machine only."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if profile == "demo":
        if parts.scheme != "http" or not is_loopback(host):
            raise NotReady(f"The demo runs on this machine only: expected http://localhost:PORT, not {public_url!r}.")
        return
    if parts.scheme != "https" or not host or parts.path not in ("", "/"):
        raise NotReady(
            f"The public address {public_url!r} cannot be used: a clinic is reached by TLS only. "
            "Expected https:// and a name, nothing after it: --public-url https://daybreak.example.org"
        )
    if _is_bare(host) or "." not in host:
        raise NotReady(
            f"{host!r} is no name that a certificate can be given to. Give this machine a name in a domain of yours "
            "(clinic.example.org may point to an address of your own network), get a certificate for it by the DNS "
            "challenge of any ACME client, which needs no way in from outside, and use --public-url https://NAME."
        )


def _is_bare(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Is it this machine itself?"""
    return host == "localhost" or (_is_bare(host) and ipaddress.ip_address(host).is_loopback)
