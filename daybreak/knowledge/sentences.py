"""How does a reason read, in which language? The one place where sentences are made: screen, API, letter and log agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.knowledge.store import ROOT, load

LANGUAGES = ("en", "zh-Hans")


class Language:
    """The sentences and words of one language. `say(reason)` and `word(term)`."""

    def __init__(self, language: str, root: Path = ROOT) -> None:
        files = {f["language"]: f for f in load("sentences", root).values()}
        if language not in files:
            raise ValueError(f"language '{language}' is not one of {', '.join(sorted(files))}")
        self.language = language
        file = files[language]
        self._sentences: Mapping[str, str] = file["sentences"]
        self._joined: str = file["joined"]
        self._between: str = file["between_sentences"]
        self._terms: dict[str, str] = {**_titles(language, root), **file["terms"]}

    def say(self, reason: Reason) -> str:
        """The sentence of a reason. A value that the sentence needs and the reason lacks is a bug and raises."""
        values = {key: self._written(value) for key, value in reason.values.items()}
        return _capital(self._sentences[reason.id].format_map(values))

    def word(self, term: str) -> str:
        """The word of a term."""
        return self._terms[term]

    def _written(self, value: Any) -> str:
        if isinstance(value, Term):
            return self._terms[value.id]
        if isinstance(value, Reason):
            said = self._sentences[value.id].format_map({k: self._written(v) for k, v in value.values.items()})
            return said.rstrip(".。")
        if isinstance(value, tuple):
            between = self._between if value and isinstance(value[0], Reason) else self._joined
            return between.join(dict.fromkeys(self._written(v) for v in value)) or self._terms["list.nothing"]
        if isinstance(value, Decimal):
            return number(value)
        if isinstance(value, date):
            return value.isoformat()
        return "?" if value is None or value == "" else str(value)


def number(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros, one decimal place. The rest is cut off, not rounded:
    24.99 % is a failure where 25 % is none, and must not read as 25."""
    short = value if value == value.to_integral_value() else value.quantize(Decimal("0.1"), ROUND_DOWN)
    text = f"{short:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _titles(language: str, root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, section, key in (
        ("concept", "conditions", "concepts"),
        ("medicine", "medicines", "medicines"),
        ("class", "medicines", "classes"),
        ("observation", "observations", "kinds"),
        ("criterion", "criteria", "criteria"),
        ("question", "sessions", "questions"),
        ("row", "sessions", "rows"),
    ):
        for file in load(section, root).values():
            found |= {f"{kind}.{x['id']}": x["title"][language] for x in file[key]}
    found |= {f"change.{x['id']}": x["change"][language] for x in load("criteria", root)["criteria"]["criteria"]}
    found |= {f"medicine.class-of:{k[6:]}": v for k, v in found.items() if k.startswith("class.")}
    for kind, section in (
        ("rules", "trial_rules"),
        ("staging", "staging"),
        ("claims", "claims"),
        ("protocol", "protocols"),
        ("payer", "payers"),
        ("doses", "dose_tables"),
    ):
        found |= {f"{kind}.{x['id']}": x["title"][language] for x in load(section, root).values()}
    ladders = load("dosing", root)["dosing"]["ladders"]
    found |= {f"dose-note.{note['id']}": note["words"][language] for one in ladders for note in one["notes"]}
    for x in load("protocols", root).values():
        found[f"about.{x['id']}"] = x["about"][language]
        found[f"short.{x['id']}"] = (x.get("short") or x["title"])[language]
    return found


@lru_cache(maxsize=8)
def language(name: str = "en", root: Path = ROOT) -> Language:
    """The sentences of a language, read once."""
    return Language(name, root)
