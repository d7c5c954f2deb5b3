"""What is a source: a document that somebody can go to and check."""

from __future__ import annotations

from daybreak.knowledge.schema.common import Id, Strict


class SourceEntry(Strict):
    """`url` or, for print, the citation in `title`; `note` says how it was read (in full, an extract, relayed)."""

    id: Id
    title: str
    url: str | None = None
    note: str | None = None


class SourceFile(Strict):
    sources: tuple[SourceEntry, ...]
