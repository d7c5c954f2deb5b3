"""What do our pages say, in the reader's language? (a template says `{% word "sign_in.title" %}`)

The sentences stand in `words.yaml`. They are no clinical facts; those have their sentences in `daybreak/knowledge`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import template
from django.utils.translation import get_language

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
FILE = Path(__file__).with_name("words.yaml")

register = template.Library()


@cache
def words() -> dict[str, dict[str, str]]:
    """Every sentence by its id, in every language."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def known(language: str | None) -> str:
    """The language of ours that is meant by a code in any capitals; English when it is none of them."""
    return next((code for code in LANGUAGES if code.lower() == (language or "").lower()), "en")


def word(id: str, language: str | None, **values: Any) -> str:
    """The sentence with its values put in. A sentence that nobody wrote is a bug: KeyError."""
    return words()[id][known(language)].format(**values)


@register.simple_tag(name="word")
def _word(id: str, **values: Any) -> str:
    return word(id, get_language(), **values)
