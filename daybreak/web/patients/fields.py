"""Which fields does the form of each kind of entry have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from daybreak.web.patients import weights
from daybreak.web.patients.kinds import Kind

# Our words with their ids in `words.yaml`.
STATUS = {"active": "choice.active", "ended": "choice.ended", "planned": "choice.planned", "held": "choice.held"}
STOP = {
    "no effect": "choice.no_effect",
    "intolerance": "choice.intolerance",
    "helped": "choice.helped",
    "other": "choice.other",
}
INDICATION = {"depression": "choice.depression", "other": "choice.other"}
CLINICAL = {
    "active": "choice.active",
    "recurrence": "choice.recurrence",
    "relapse": "choice.relapse",
    "inactive": "choice.inactive",
    "remission": "choice.remission",
    "resolved": "choice.resolved",
}
VERIFICATION = {
    "confirmed": "choice.confirmed",
    "provisional": "choice.provisional",
    "unconfirmed": "choice.unconfirmed",
    "refuted": "choice.refuted",
}
ALLERGY = {"allergy": "choice.allergy", "intolerance": "choice.intolerance"}
RESPONSE = {"good": "choice.good", "none": "choice.none", "bad": "choice.bad"}
DRUG = {"ketamine": "choice.ketamine", "esketamine": "choice.esketamine"}
THERAPY = {
    "psychotherapy": "choice.psychotherapy",
    "ect": "choice.ect",
    "tms": "choice.tms",
    "vns": "choice.vns",
    "dbs": "choice.dbs",
}
SEVERITY = {
    "subsyndromal": "choice.subsyndromal",
    "mild": "choice.mild",
    "moderate": "choice.moderate",
    "severe": "choice.severe",
    "severe_psychotic": "choice.severe_psychotic",
}
# The words that answer an observation; a grade such as "A" is the same in every language.
REPLIES = {
    "breastfeeding": "reply.breastfeeding",
    "cannot": "reply.cannot",
    "declined": "reply.declined",
    "done": "reply.done",
    "extreme": "reply.extreme",
    "high": "reply.high",
    "low": "reply.low",
    "maybe": "reply.maybe",
    "moderate": "reply.moderate",
    "much": "reply.much",
    "negative": "reply.negative",
    "no": "reply.no",
    "none": "reply.none",
    "not_breastfeeding": "reply.not_breastfeeding",
    "not_pregnant": "reply.not_pregnant",
    "positive": "reply.positive",
    "pregnant": "reply.pregnant",
    "some": "reply.some",
    "yes": "reply.yes",
}
UNIT = {weights.KILOGRAM: "choice.kilogram", weights.POUND: "choice.pound"}


@dataclass(frozen=True, slots=True)
class Field:
    """`type`: text, day, number, whole, choice, or pick (of `concepts`, `medicines`, `kinds`, by their titles)."""

    name: str
    label: str
    type: str = "text"
    choices: Mapping[str, str] | None = None
    pick: str = ""
    required: bool = False
    unknowable: bool = True  # may a question mark be typed?


TEXT = Field("text", "field.text", required=True, unknowable=False)
START, END = Field("start", "field.start", "day"), Field("end", "field.end", "day")
STOPPED = Field("stop", "field.stop", "choice", STOP)
IMPROVEMENT = Field("improvement", "field.improvement", "number")

FIELDS: dict[str, tuple[Field, ...]] = {
    "condition": (
        TEXT,
        Field("concepts", "field.concept", "pick", pick="concepts"),
        Field("clinical", "field.clinical", "choice", CLINICAL),
        Field("verification", "field.verification", "choice", VERIFICATION),
        Field("onset", "field.onset", "day"),
        Field("abatement", "field.abatement", "day"),
    ),
    "exposure": (
        TEXT,
        Field("ingredients", "field.medicine", "pick", pick="medicines"),
        Field("dose", "field.dose_a_day", "number"),
        START,
        END,
        Field("status", "field.status", "choice", STATUS),
        IMPROVEMENT,
        STOPPED,
        Field("indication", "field.indication", "choice", INDICATION),
        Field("adherence", "field.adherence", "number"),
    ),
    "observation": (
        Field("kind", "field.kind", "pick", pick="kinds", required=True, unknowable=False),
        Field("value", "field.value", "text", required=True),
        Field("when", "field.when", "day", required=True),
    ),
    "weight": (
        Field("value", "field.weight", "number", required=True, unknowable=False),
        Field("unit", "field.unit", "choice", UNIT, required=True, unknowable=False),
        Field("when", "field.when", "day", required=True, unknowable=False),
    ),
    "allergy": (
        TEXT,
        Field("substances", "field.medicine", "pick", pick="medicines"),
        Field("kind", "field.allergy_kind", "choice", ALLERGY, unknowable=False),
        Field("clinical", "field.clinical", "choice", CLINICAL),
        Field("verification", "field.verification", "choice", VERIFICATION),
    ),
    "ketamine": (
        TEXT,
        Field("drug", "field.drug", "choice", DRUG, required=True, unknowable=False),
        Field("when", "field.when", "day"),
        Field("dose", "field.dose", "number"),
        Field("route", "field.route", unknowable=False),
        Field("response", "field.response", "choice", RESPONSE),
    ),
    "therapy": (
        TEXT,
        Field("kind", "field.therapy_kind", "choice", THERAPY, required=True, unknowable=False),
        START,
        END,
        Field("sessions", "field.sessions", "whole"),
        IMPROVEMENT,
        STOPPED,
    ),
    "episode": (Field("start", "field.start", "day"), Field("severity", "field.severity", "choice", SEVERITY)),
}
FORMS = {
    "condition": Kind.CONDITION,
    "exposure": Kind.EXPOSURE,
    "observation": Kind.OBSERVATION,
    "weight": Kind.OBSERVATION,
    "allergy": Kind.ALLERGY,
    "ketamine": Kind.KETAMINE,
    "therapy": Kind.THERAPY,
    "episode": Kind.EPISODE,
}
