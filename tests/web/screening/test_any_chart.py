"""Can the board, the signature and its page be made from any chart, in every language?"""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.utils.translation import override as in_language
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.clinical.records import Chart
from daybreak.clinical.screening.judge import decide
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.web import ids
from daybreak.web.protocols.policies import Here
from daybreak.web.screening import exceptions, snapshots
from daybreak.web.screening.board import board
from daybreak.web.screening.judging import Judged
from daybreak.web.screening.models import Override
from tests.agreement.charts import PROTOCOLS, charts
from tests.clinical.screening.build import DAY, view
from tests.web.screening.samples import SOON


def judged(whole: Chart) -> Judged:
    """As `judge` does it, without a database."""
    seen = view(whole)
    decisions = tuple(decide(seen, one) for one in PROTOCOLS)
    nobody = {d.protocol.id: None for d in decisions}
    here = {d.protocol.id: Here(d.protocol) for d in decisions}
    return Judged(None, whole, {}, seen, seen.as_of, decisions, here, nobody, {}, ())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from(LANGUAGES))
def test_the_board_of_any_chart_can_be_shown(site, whole: Chart, lang: str) -> None:
    found = judged(whole)
    shown = board(found, language=language(lang), may_sign=True)
    place = {"patient": SimpleNamespace(id=ids.new()), "site": SimpleNamespace(id=ids.new(), name="<Main>")}
    place["request"] = SimpleNamespace(received_at=SOON)  # for the crisis card
    with in_language(lang.lower()):
        text = render_to_string("screening/board.html", {**shown, **place, "may_write": True, "may_sign": True})
    assert "<Main>" not in text
    known = re.findall(r'\sid="([^"]+)"', text)
    assert len(known) == len(set(known))
    shown_questions = [card for _, group in shown["groups"] for card in group]
    asked = sum(len(card.waiting) or 1 for card in shown_questions)
    findings = {
        (f.criterion.name, f.answer.verdict, f.answer.reason.id, str(f.answer.reason.values))
        for d in found.decisions
        for f in exceptions.screened(d)
    }
    assert asked == len(findings), "every question is on the board, once"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from(LANGUAGES))
def test_any_chart_can_be_kept_in_a_signature(whole: Chart, lang: str) -> None:
    found = judged(whole)
    text = snapshots.content(found, language=language(lang))
    kept = json.loads(text)
    assert [d["status"] for d in kept["decisions"]] == [d.status for d in found.decisions]
    assert text == snapshots.content(judged(whole), language=language(lang)), "the same chart gives the same text"
    assert found.seen == judged(whole).seen


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts())
def test_nothing_unknown_or_in_the_way_is_signed_without_an_exception(whole: Chart) -> None:
    found = judged(whole)
    for decision in found.decisions:
        stands = {f.criterion.name for f in found.open(decision)}
        hard = {
            f.criterion.name
            for f in exceptions.screened(decision)
            if f.answer.verdict != "met" and f.criterion.strength in ("absolute", "required")
        }
        assert hard <= stands
        if decision.status in ("not_eligible", "needs_information"):
            assert stands


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), charts())
def test_an_exception_holds_on_its_own_chart_and_on_another_only_with_the_same_evidence(a: Chart, b: Chart) -> None:
    first, second = judged(a), judged(b)
    for one, other in zip(first.decisions, second.decisions, strict=True):
        for finding in first.open(one):
            row = Override(
                id=ids.new(),
                created=SOON,
                protocol=one.protocol.id,
                protocol_digest=one.protocol.digest,
                criterion=finding.criterion.name,
                verdict=finding.answer.verdict.value,
                evidence_digest=exceptions.evidence_digest(finding),
                needs_two=False,
            )
            row._prefetched_objects_cache = {"events": Override.objects.none()}
            assert exceptions.standing(row, one, day=DAY).state == exceptions.HOLDS
            there = exceptions.finding_of(other, row.criterion)
            same = there.answer.verdict is finding.answer.verdict and (
                exceptions.evidence_digest(there) == row.evidence_digest
            )
            assert (exceptions.standing(row, other, day=DAY).state == exceptions.HOLDS) is same
