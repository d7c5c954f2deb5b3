"""How does an action say no? With a sentence that its reader can act on, in the reader's language."""

from __future__ import annotations

from typing import Any

from daybreak.web.words import word


class Refused(Exception):
    """The request was understood and cannot be done. `id` and `values` make the sentence; no row was written."""

    status = 422

    def __init__(self, id: str, **values: Any) -> None:
        super().__init__(word(id, "en", **values))
        self.id, self.values = id, values

    def sentence(self, language: str) -> str:
        return word(self.id, language, **self.values)


class Conflict(Refused):
    """Somebody else, or the same key with other content, was there first."""

    status = 409


class Forbidden(Refused):
    """This person may not do this here."""

    status = 403
