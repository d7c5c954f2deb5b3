"""How does the clinic sign what others are to check, and by which fingerprint do they know its keys?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from daybreak.exchange import signed
from daybreak.web.place import NotReady, Place

PURPOSE = "signatures"


def sign(document: Mapping[str, Any], *, where: Place, what: str, site: str, at: datetime, until: datetime) -> bytes:
    """The document in its envelope, signed with the newest key. NotReady in a clinic of before there was one."""
    key = where.key(PURPOSE)
    if key is None:
        raise NotReady("There is no key to sign with: daybreak keys rotate signatures")
    return signed.seal(document, what=what, site=site, key_id=key.id, secret=key.secret, at=at, until=until)


def fingerprints(where: Place) -> list[tuple[str, str]]:
    """Of each key, the newest first: its id and what everybody may know of it."""
    return [(key.id, signed.fingerprint(key.secret)) for key in where.keys[PURPOSE]]
