"""Under which address may a browser keep a file of ours? `{% hashed "public.css" %}`: the name with its digest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django import template

FILES = Path(__file__).parents[1] / "static/daybreak"

register = template.Library()


@register.simple_tag
@cache
def hashed(name: str) -> str:
    """Another content has another address: a page never meets a file of an earlier version."""
    content = Path(f"{FILES}/{name}").read_bytes()
    return f"/static/daybreak/{name}?v={hashlib.sha256(content).hexdigest()[:16]}"
