"""How is a text board put together: lines, headings and wrapped sentences in one language?"""

from __future__ import annotations

from daybreak.cli.wrap import wrapped
from daybreak.knowledge.sentences import Language


class Text:
    """A board in the making."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._lines: list[str] = []

    def word(self, term: str) -> str:
        return self.language.word(term)

    def line(self, text: str = "") -> None:
        self._lines.append(text)

    def heading(self, term: str, more: str = "") -> None:
        self._lines += ["", f"{self.word(term)}{more}".upper()]

    def wrapped(self, text: str, *, first: str = "", rest: str = "") -> None:
        self._lines += wrapped(text, first=first, rest=rest)

    def whole(self) -> str:
        return "\n".join(self._lines) + "\n\n"
