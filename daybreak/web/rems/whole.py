"""How does the whole form of one version stand: block by block, each line filled in or waiting for the signer?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from daybreak.knowledge import rems
from daybreak.web.rems import drugs, evidence
from daybreak.web.rems import lines as filled
from daybreak.web.rems.evidence import Judged, Proposal
from daybreak.web.rems.lines import Line
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word


@dataclass(frozen=True, slots=True)
class Whole:
    """All of it, in one language: what is known, what is asked of the signer, and the minute that is proposed."""

    version: str
    language: str
    lines: dict[str, Line]
    judged: dict[str, Judged]
    proposal: Proposal

    def blocks(self) -> Iterator[tuple[str, list[Line | Judged]]]:
        """By block with its title, in the order of the form."""
        every = rems.fields(self.version)
        for block in rems.form()["blocks"]:
            rows = [self.lines.get(one["id"]) or self.judged[one["id"]] for one in every if one["block"] == block["id"]]
            yield block["words"][self.language], rows


def whole(now: Now, version: str, language: str) -> Whole:
    """The form of that session."""
    found = filled.facts(now, language)
    lines = filled.known_lines(found, version) | drugs.lists(found, version)
    judged = evidence.judgements(found, version, lines)
    return Whole(version, found.language, lines, judged, evidence.proposal(found, evidence.criteria(found)))


def marks(one: Line | Judged, version: str, language: str) -> tuple[str, ...]:
    """What the reader has to know of a field itself: that it is ours, or that it was not seen on this version."""
    of = [word("rems.ours", language)] if one.about["ours"] else []
    of += [word("rems.carried", language)] if version in one.about["carried"] else []
    return tuple(of)
