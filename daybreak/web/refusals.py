"""How does an action say no? With a sentence that its reader can act on, in the reader's language."""

from __future__ import annotations

from typing import Any

from daybreak.web.words import word


class Sentence(str):
    """A refusal in the reader's language. `field`: the name of the field that it is about; empty when it is about more."""

    field = ""


class Refused(Exception):
    """The request was understood and cannot be done. `id` and `values` make the sentence; no row was written.

    `in_field`: the name of the one field of the form that has to be mended.
    """

    status = 422

    def __init__(self, id: str, *, in_field: str = "", **values: Any) -> None:
        super().__init__(word(id, "en", **values))
        self.id, self.in_field, self.values = id, in_field, values

    def sentence(self, language: str) -> Sentence:
        said = Sentence(self._said(language))
        said.field = self.in_field
        return said

    def _said(self, language: str) -> str:
        return word(self.id, language, **self.values)


class Conflict(Refused):
    """Somebody else, or the same key with other content, was there first."""

    status = 409


class Forbidden(Refused):
    """This person may not do this here."""

    status = 403
