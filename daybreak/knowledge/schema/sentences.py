"""How does a reason read? One file for each language; every id in every language, with the same values."""

from __future__ import annotations

from pydantic import Field

from daybreak.knowledge.schema.common import Strict


class SentenceFile(Strict):
    """`sentences`: reason id -> template; `terms`: term id -> word; `status`, `verdict` …: words of the board."""

    language: str
    sentences: dict[str, str]
    terms: dict[str, str]
    joined: str = Field(description="what stands between the members of a list")
    quote: tuple[str, str]
