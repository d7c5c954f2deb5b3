"""How does a reason of a session read? Its sentence is knowledge, or a word of the page on which that gate is opened."""

from __future__ import annotations

from daybreak.clinical.answers import Reason
from daybreak.knowledge.sentences import language as spoken
from daybreak.web.refusals import Conflict
from daybreak.web.words import known, word, words


def sentence(reason: Reason, language: str) -> str:
    """The one sentence, the same on every screen, in the API and in the log."""
    if reason.id in words():
        return word(reason.id, language, **reason.values)
    return spoken(known(language)).say(reason)


class NotNow(Conflict):
    """A command whose gates are not all open. `reasons`: every one of them."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        super().__init__("treatment.not_now", why=" ".join(sentence(one, "en") for one in reasons))

    def _said(self, language: str) -> str:
        return word(self.id, language, why=" ".join(sentence(one, language) for one in self.reasons))
