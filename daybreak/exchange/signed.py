"""Is a document still what a clinic signed, and until when did they say that it holds?

The file is an envelope with one way to be written: sorted keys, no spaces, text as it is. So one other byte is another file, and
a number is whole or is written as text. The signature is Ed25519 over everything but itself. It needs no clinic and no database
to be checked; what it proves is little, and `Told` says no more than that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORM = "daybreak-signed-1"
HOLDS, STALE, EARLY, CHANGED, UNSIGNED, OTHER_KEY = "holds", "stale", "early", "changed", "unsigned", "other_key"
SAYS = {
    HOLDS: "unchanged since {site} signed it on {on}; nobody outside has checked the records",
    STALE: "unchanged since {site} signed it on {on}, but it held only until {until}: ask for a newer one",
    EARLY: "signed for {on}, which is still to come: one of the two clocks is wrong, and it is not relied on",
    CHANGED: "changed since it was signed, or signed with another key than it names: do not rely on it",
    UNSIGNED: "not signed: anybody may have written it",
    OTHER_KEY: "unchanged since somebody signed it on {on}, with another key than the one given: do not take it for {site}'s",
}
_FIELDS = {"form", "what", "site", "signed", "until", "key", "document", "signature"}


class NotSignable(ValueError):
    """Something in the document has more than one way to be written."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of itself. `document` is there only when nobody changed it; `fingerprint` is of the key that signed."""

    state: str
    what: str = ""
    site: str = ""
    signed: datetime | None = None
    until: datetime | None = None
    key: str = ""
    fingerprint: str = ""
    document: Any = None

    @property
    def holds(self) -> bool:
        return self.state == HOLDS

    @property
    def sentence(self) -> str:
        """What this proves, and no more."""
        on, until = (f"{at:%Y-%m-%d}" if at else "" for at in (self.signed, self.until))
        return SAYS[self.state].format(site=self.site, on=on, until=until)


def seal(
    document: Mapping[str, Any], *, what: str, site: str, key_id: str, secret: str, at: datetime, until: datetime
) -> bytes:
    """The file: the document in its envelope, signed. `what`: which kind of document it is, so that none passes for another."""
    if not at < until:
        raise NotSignable("What is signed holds for a while: expected `until` after `at`.")
    key = private(secret)
    body = {
        "form": FORM,
        "what": what,
        "site": site,
        "signed": _written(at),
        "until": _written(until),
        "key": {"id": key_id, "public": key.public_key().public_bytes_raw().hex()},
        "document": document,
    }
    return canonical({**body, "signature": key.sign(canonical(body)).hex()}) + b"\n"


def verify(file: bytes, *, at: datetime, what: str, fingerprint: str | None = None) -> Told:
    """What the file proves at that moment. `fingerprint`: the clinic's, as it was learnt otherwise than from this file."""
    try:
        envelope = json.loads(file, object_pairs_hook=_each_once)
    except ValueError:
        return Told(CHANGED if b'"signature"' in file else UNSIGNED)
    if not isinstance(envelope, dict) or "signature" not in envelope:
        return Told(UNSIGNED)
    try:
        told = _opened(envelope, file, what=what)
    except (KeyError, TypeError, ValueError, InvalidSignature, RecursionError):
        return Told(CHANGED)
    return _judged(told, at=at, fingerprint=fingerprint)


def _judged(told: dict[str, Any], *, at: datetime, fingerprint: str | None) -> Told:
    if fingerprint is not None and _plain(fingerprint) != _plain(told["fingerprint"]):
        return Told(OTHER_KEY, **told)
    if at < told["signed"]:
        return Told(EARLY, **told)
    return Told(HOLDS if at < told["until"] else STALE, **told)


def _opened(envelope: dict[str, Any], file: bytes, *, what: str) -> dict[str, Any]:
    """What the envelope says, when its signature fits all of it. Raises what ends as CHANGED."""
    body = {name: value for name, value in envelope.items() if name != "signature"}
    if file != canonical(envelope) + b"\n" or set(envelope) != _FIELDS:
        raise ValueError("not as it was written")
    if envelope["form"] != FORM or envelope["what"] != what or set(envelope["key"]) != {"id", "public"}:
        raise ValueError("another kind of document")
    public = bytes.fromhex(envelope["key"]["public"])
    Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(envelope["signature"]), canonical(body))
    if envelope["signature"] != envelope["signature"].lower():
        raise ValueError("the signature has one way to be written")
    return {
        "what": envelope["what"],
        "site": envelope["site"],
        "signed": datetime.fromisoformat(envelope["signed"]),
        "until": datetime.fromisoformat(envelope["until"]),
        "key": envelope["key"]["id"],
        "fingerprint": _fingerprint(public),
        "document": envelope["document"],
    }


def private(secret: str) -> Ed25519PrivateKey:
    """The signing key that belongs to a secret of the clinic."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{FORM} {secret}".encode()).digest())


def fingerprint(secret: str) -> str:
    """What the clinic tells everybody of that key, so that a file can be told from one that a stranger signed in its name."""
    return _fingerprint(private(secret).public_key().public_bytes_raw())


def _fingerprint(public: bytes) -> str:
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def canonical(value: Any) -> bytes:
    """The one way to write it. NotSignable for what has several: a number with a point, a key that is no text."""
    _one_way(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _one_way(value: Any) -> None:
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise NotSignable("A name in a signed document is text.")
        for one in value.values():
            _one_way(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _one_way(one)
    elif not isinstance(value, str | int | None):
        raise NotSignable(f"{type(value).__name__} has more than one way to be written: give a whole number, or text.")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _plain(fingerprint: str) -> str:
    return "".join(fingerprint.split()).lower()
