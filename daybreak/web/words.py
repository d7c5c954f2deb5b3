"""What do our pages say, in the reader's language? (a template says `{% word "sign_in.title" %}`)

The sentences stand in `words.yaml`, those of one app in the `words.yaml` of its folder. They are no clinical facts; those
have their sentences in `daybreak/knowledge`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django import template
from django.utils.html import conditional_escape
from django.utils.translation import get_language

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
WEB = Path(__file__).parent

register = template.Library()


@cache
def words() -> dict[str, dict[str, str]]:
    """Every sentence by its id, in every language. An id that stands in two files is a bug: ValueError."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(WEB.rglob("words.yaml")):
        loaded = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        if twice := found.keys() & loaded:
            raise ValueError(f"{file}: {sorted(twice)} stand in another file too; give them another id")
        found |= loaded
    return found


@lru_cache(maxsize=64)
def known(language: str | None) -> str:
    """The language of ours that is meant by a code in any capitals; English when it is none of them."""
    return next((code for code in LANGUAGES if code.lower() == (language or "").lower()), "en")


def word(id: str, language: str | None, **values: Any) -> str:
    """The sentence with its values put in. A sentence that nobody wrote is a bug: KeyError."""
    return words()[id][known(language)].format(**values)


@register.tag(name="word")
def _word(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """A sentence that is named outright and takes no values, as most are, is only looked up when a page is drawn."""
    named, *more = token.split_contents()[1:]
    if not more and named[0] == named[-1] and named[0] in "\"'":
        return _Plain(named[1:-1])
    return _filled(parser, token)


class _Plain(template.Node):
    """One sentence."""

    def __init__(self, id: str) -> None:
        self.id = id

    def render(self, context: template.Context) -> str:
        return _escaped(self.id, known(get_language())) if context.autoescape else word(self.id, get_language())


@cache
def _escaped(id: str, language: str) -> str:
    return conditional_escape(word(id, language))


_values = template.Library()


@_values.simple_tag(name="word")
def _with_values(id: str, **values: Any) -> str:
    return word(id, get_language(), **values)


_filled = _values.tags["word"]
