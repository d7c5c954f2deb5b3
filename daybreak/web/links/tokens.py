"""What is the secret part of a link, and where does it lead?"""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings

from daybreak.web.links.models import Link


def token(link: Link) -> str:
    """256 bits that nobody can compute who has only the database, or only the key."""
    key = settings.PLACE.key("links", link.key)
    return base64.urlsafe_b64encode(key.mac(link.id.bytes)).decode().rstrip("=")


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(link: Link) -> str:
    """The whole address to give to its holder."""
    return f"{settings.PLACE.public_url.rstrip('/')}/l/{token(link)}/"
