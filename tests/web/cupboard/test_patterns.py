"""Is what happened at the cupboard judged as it was, and does nobody read what is about themselves?"""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal

from daybreak.clinical.treatment.diversion import Pattern
from daybreak.web import ids
from daybreak.web.cupboard import actions, counts, patterns, queries
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.cupboard.conftest import received
from tests.web.cupboard.test_cupboard import take, use

HOUR = timedelta(hours=1)
MG = Decimal(28)


def seen(site, at=NOW + HOUR) -> list[tuple[Pattern, str, int]]:
    return [(one.pattern, one.who, len(one.evidence)) for one in patterns.found(site, at=at)]


def test_a_dose_without_a_session_and_a_device_that_is_nowhere_are_looked_at(site, lot, patient, nurse) -> None:
    out = take(lot, patient, nurse)
    assert seen(site) == []
    use(actions.given, out, nurse, mg=MG)
    lee = str(nurse.id)
    assert seen(site) == [(Pattern.UNWATCHED, lee, 1)]
    late = NOW + 13 * HOUR
    assert seen(site, late) == [(Pattern.UNWATCHED, lee, 1), (Pattern.UNACCOUNTED, lee, 1)]
    use(actions.kept_aside, out, nurse, units=1, text="It did not spray.")
    assert seen(site, late) == [(Pattern.UNWATCHED, lee, 1)]
    assert seen(site, NOW + timedelta(days=91)) == [], "it is long ago"


def test_what_is_taken_for_somebody_without_a_booking_is_looked_at_from_the_third_time_on(
    site, lot, patient, nurse, keeper
) -> None:
    for n in range(3):
        use(actions.taken_back, take(lot, patient, nurse), nurse, units=2)
        assert len(seen(site)) == (n == 2)
    assert seen(site) == [(Pattern.UNBOOKED, str(nurse.id), 3)]


def test_counts_that_are_short_where_one_person_took(site, lot, patient, nurse, keeper, person) -> None:
    ines = person("ines", Role.PRESCRIBER)
    received(site, keeper, number="B2")
    for n in range(3):
        at = NOW + n * 24 * HOUR
        use(actions.taken_back, take(lot, patient, nurse, at=at), nurse, at=at, units=2)
        for by in (ines, keeper):
            figures = {one.lot.id: one.in_cupboard.units for one in queries.on_hand(site)}
            figures[lot.id] -= 1
            _count(site, figures, by, at + HOUR)
        _explained(site, (ines, keeper), at + HOUR)
    found = [one for one in patterns.found(site, at=NOW + 60 * HOUR) if one.pattern is Pattern.SHORT]
    (one,) = found
    assert (one.who, len(one.evidence), one.own, one.others) == (str(nurse.id), 3, 1, 0)
    page = _page(keeper)
    assert "1.00 against 0.00 of the others" in page


def _count(site, figures, by, at) -> None:
    now = counts.open_count(site, at)
    told = {id: str(n) for id, n in figures.items()}
    counts.count(site, told, seen=now.count.id if now else None, by=by, at=at, key=ids.new())


def _explained(site, people, at) -> None:
    now = counts.open_count(site, at)
    for by in people:
        counts.explain(now.count, text="We do not know.", by=by, at=at, key=ids.new())


def _page(person) -> str:
    answer = signed_in(person).get("/cupboard/patterns/", secure=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_nobody_reads_what_is_about_themselves(site, lot, patient, keeper, person) -> None:
    use(actions.given, take(lot, patient, keeper, at=NOW), keeper, mg=MG)
    ines = person("ines", Role.PRESCRIBER)
    assert "<bdi>Mara</bdi> ·" not in _page(keeper)
    shown = _page(ines)
    assert "<bdi>Mara</bdi> ·" in shown
    assert "Other explanations: an emergency" in shown
