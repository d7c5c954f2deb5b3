"""Which charts could there be? Records at random over every kind, concept, medicine and observation that a protocol uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import Field, fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import (
    DOMAINS,
    Allergy,
    Chart,
    Condition,
    Coverage,
    Episode,
    Exposure,
    KetamineExposure,
    Observation,
    Therapy,
    Unmapped,
    When,
)
from daybreak.clinical.screening.criteria import AllOf, AnyOf, Fact, Node
from daybreak.clinical.screening.judge import Protocol
from daybreak.knowledge.protocols import payer, payer_ids, protocol, protocol_ids
from daybreak.knowledge.store import load
from daybreak.knowledge.terms import terms
from tests.clinical.screening.build import DAY, chart, cleared, patient, reviewed, when

PAYERS: Sequence[Protocol] = tuple(payer(id_, as_of=DAY) for id_ in payer_ids())
PROTOCOLS: Sequence[Protocol] = tuple(protocol(id_, as_of=DAY) for id_ in protocol_ids())
RULES = (*PROTOCOLS, *PAYERS)
PARTS = ("conditions", "exposures", "observations", "allergies", "ketamine", "therapies")


def facts_of(node: Node) -> Iterator[Fact]:
    """Every question of a rule."""
    if isinstance(node, AllOf | AnyOf):
        for child in node.nodes:
            yield from facts_of(child)
    else:
        yield node.fact


ASKED = [dict(f.arguments) for p in RULES for c in p.criteria for f in facts_of(c.rule)]
CONCEPTS = sorted(c["id"] for file in load("conditions").values() for c in file["concepts"])
OFTEN = [*sorted({a["concept"] for a in ASKED if "concept" in a}), "major_depression", "depression_unspecified"]
OFTEN += [
    "suicidality",
    "pregnancy",
    "lactation",
    "substance_use_disorder",
    "adverse_effect_of_ketamine",
    "ketamine_allergy",
]
CLASSES = {c for a in ASKED for c in a.get("classes", ())}
MEDICINES = sorted(i for i, classes in terms().classes.items() if classes & CLASSES)

# A grid of two weeks: runs that touch, steps that begin together and readings near an end are then common, not rare.
DAYS = [DAY + timedelta(days=14 * n) for n in range(-60, 3)] + [DAY - timedelta(days=n) for n in (1, 6, 7, 29, 90, 91)]
exact = st.sampled_from(DAYS).map(lambda day: When(day, day))
spans = st.sampled_from(["2026", "2025", "2024", "2026-06", "2026-05", "2025-03"]).map(when)
moments = st.one_of(exact, exact, exact, exact, spans, st.none(), st.just(UNREADABLE))
percent = st.sampled_from([Decimal(n) for n in (-10, 0, 24, 25, 49, 50, 80, 100)])


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values (the first ones oftener), not recorded, or unreadable."""
    return st.sampled_from([*values, *values, None, UNREADABLE])


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    concept = draw(st.one_of(*map(st.sampled_from, (CONCEPTS, OFTEN, OFTEN, ["major_depression", "suicidality"]))))
    onset = draw(moments)
    return Condition(
        ref="Condition/x",
        text=concept,
        concepts=draw(st.sampled_from([frozenset({concept})] * 6 + [frozenset(), UNREADABLE])),
        possible=draw(st.sampled_from([frozenset()] * 4 + [frozenset({concept})])),
        clinical=draw(maybe("active", "active", "resolved", "remission")),
        verification=draw(maybe("confirmed", "confirmed", "confirmed", "refuted", "entered-in-error", "provisional")),
        onset=onset,
        abatement=draw(st.one_of(st.none(), st.none(), moments)),
        recorded=draw(st.one_of(st.none(), exact)) if not isinstance(onset, When) else None,
    )


@st.composite
def exposures(draw: st.DrawFn) -> Exposure:
    medicine = draw(
        st.one_of(st.sampled_from(["sertraline", "venlafaxine", "bupropion", "fluoxetine"]), st.sampled_from(MEDICINES))
    )
    start = draw(moments)
    length = timedelta(days=draw(st.sampled_from([13, 27, 41, 55, 83])))
    after = When(start.earliest + length, start.latest + length) if isinstance(start, When) else None
    return Exposure(
        ref="MedicationStatement/x",
        text=medicine,
        ingredients=draw(st.sampled_from([(medicine,)] * 8 + [(), UNREADABLE, (medicine, "sertraline")])),
        dose=draw(maybe(Decimal(300), Decimal(300), Decimal(25))),
        start=start,
        end=draw(st.one_of(st.just(after), st.just(after), moments)),
        status=draw(maybe("active", "ended", "ended", "planned", "held")),
        stop=draw(maybe("no effect", "no effect", "intolerance", "other")),
        improvement=draw(st.one_of(st.none(), st.none(), percent, st.just(UNREADABLE))),
        indication=draw(st.sampled_from([None, None, None, "depression", "other", UNREADABLE])),
        adherence=draw(st.sampled_from([None, None, None, Decimal(79), Decimal(80), UNREADABLE])),
        kind=draw(st.sampled_from(["MedicationStatement", "MedicationRequest"])),
    )


WORDS = {
    "c-ssrs-screen.risk": ("none", "low", "moderate", "high"),
    "pregnancy_status": ("pregnant", "not_pregnant", "maybe", "declined", "cannot"),
    "pregnancy_test": ("positive", "negative"),
    "breastfeeding_status": ("breastfeeding", "not_breastfeeding"),
    "drug_screen.cocaine": ("positive", "negative"),
    "child_pugh": ("a", "c"),
}
NUMBERS = {
    "phq-9": (0, 8, 14, 15, 20),
    "madrs": (0, 10, 18, 20, 36),
    "phq-9.item-9": (0, 0, 1, 3),
    "audit": (7, 8),
    "audit-c": (2, 3),
    "dast-10": (2, 3),
    "systolic": (120, 140, 141),
    "diastolic": (80, 90, 91),
}


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    kind = draw(st.sampled_from(["phq-9", "madrs", "c-ssrs-screen.risk", *WORDS, *NUMBERS]))
    values = WORDS.get(kind) or [Decimal(n) for n in NUMBERS[kind]]
    return Observation("Observation/x", kind, draw(maybe(*values, *values)), draw(moments))


SUBSTANCES = [s for a in ASKED for s in a.get("substances", ())] + ["sertraline", "class-of:general_anaesthetic"]


def allergies() -> st.SearchStrategy[Allergy]:
    return st.builds(
        Allergy,
        ref=st.just("AllergyIntolerance/x"),
        text=st.just("ketamine"),
        substances=st.sampled_from([frozenset({s}) for s in SUBSTANCES] + [frozenset(), UNREADABLE]),
        clinical=maybe("active", "resolved"),
        verification=maybe("confirmed", "refuted", "entered-in-error", "unconfirmed"),
    )


def doses() -> st.SearchStrategy[KetamineExposure]:
    return st.builds(
        KetamineExposure,
        ref=st.just("Procedure/k"),
        text=st.just("ketamine"),
        drug=st.just("ketamine"),
        when=moments,
        response=maybe("good", "bad", "none"),
    )


def courses() -> st.SearchStrategy[Therapy]:
    return st.builds(
        Therapy,
        ref=st.just("Procedure/t"),
        text=st.just("therapy"),
        kind=st.just("psychotherapy"),
        start=moments,
        end=moments,
        sessions=maybe(12, 8, 7),
        improvement=st.one_of(st.none(), percent, st.just(UNREADABLE)),
        stop=maybe("no effect"),
    )


RECORDS = st.one_of(
    conditions(), exposures(), exposures(), observations(), observations(), allergies(), doses(), courses()
)
coverages = st.one_of(
    st.just(reviewed()),
    st.just(reviewed()),
    st.lists(
        st.builds(Coverage, domain=st.sampled_from(DOMAINS), reviewed_on=st.sampled_from(DAYS), by=st.none()),
        max_size=6,
    ).map(tuple),
)
episodes = st.one_of(st.none(), st.builds(Episode, ref=st.just("Condition/e"), start=moments))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A fully documented chart with some records gone and others beside them, or records at random."""
    base = draw(st.sampled_from([cleared(), cleared(), chart()]))
    kept = {
        part: tuple(r for r in getattr(base, part) if draw(st.sampled_from([True, True, True, False])))
        for part in PARTS
    }
    found = replace(base, **kept)
    for record in draw(st.lists(RECORDS, max_size=6)):
        found = with_record(found, record)
    who = patient(
        sex=draw(maybe("female", "male")),
        birth=draw(st.sampled_from([when("1980-03-01"), when("2008"), when("2008-06-15"), None, UNREADABLE])),
        deceased=draw(st.sampled_from([None, None, None, None, False, True, when("2026"), UNREADABLE])),
    )
    unmapped = draw(st.sampled_from([()] * 6 + [(Unmapped("Condition/u", "X", "x", "conditions"),)]))
    episode = draw(st.one_of(st.just(base.episode), episodes))
    coverage = draw(coverages)
    return replace(found, patient=who, unmapped=unmapped, episode=episode, coverage=coverage)


def part_of(record: Any) -> str:
    """The part of a chart where such a record stands."""
    kinds = (Condition, Exposure, Observation, Allergy, KetamineExposure, Therapy)
    return PARTS[kinds.index(type(record))]


def with_record(whole: Chart, record: Any) -> Chart:
    part = part_of(record)
    old = getattr(whole, part)
    return replace(whole, **{part: (*old, replace(record, ref=f"{record.ref}{len(old)}"))})


def can_be_unreadable(record: Any) -> list[str]:
    """The fields whose type says that they can be recorded and yet not be known, and that are known here."""

    def known(field: Field[Any]) -> bool:
        return "Unreadable" in str(field.type) and getattr(record, field.name) is not UNREADABLE

    return [field.name for field in fields(record) if known(field)]


def unreadable(record: Any, field: str) -> Any:
    """The same record with that field unreadable; the minute of a reading goes with its day."""
    more = {"instant": None} if (type(record), field) == (Observation, "when") else {}
    return replace(record, **{field: UNREADABLE}, **more)
