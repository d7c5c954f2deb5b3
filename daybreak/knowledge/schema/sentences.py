"""How does a reason read? One file for each language; every id in every language, with the same values."""

from __future__ import annotations

from daybreak.knowledge.schema.common import Strict


class SentenceFile(Strict):
    """`sentences`: reason id -> template; `terms`: term id -> word; `joined` and `between_sentences` stand between the
    members of a list of words, or of whole sentences."""

    language: str
    sentences: dict[str, str]
    terms: dict[str, str]
    joined: str
    between_sentences: str
