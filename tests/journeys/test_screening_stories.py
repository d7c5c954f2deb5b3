"""What does a careful clinician expect of these patients, and does `daybreak screen` say the same?

Each story adds one thing to a record that is otherwise complete (Ada: two failed trials, everything asked and reviewed),
or to one that nobody has reviewed (Bo). The expectation is the clinician's, written before the program was asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from daybreak.cli.main import main
from daybreak.demo.fhir import Record
from daybreak.demo.people import AS_OF, documented, undocumented

US, EU, IV = "esketamine-nasal-us", "esketamine-nasal-eu", "ketamine-iv-consensus"
CLEARED = {"eligible", "eligible_with_review"}
STOPPED, ASKED = {"not_eligible"}, {"needs_information"}
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
Expected = Mapping[str, str]


@dataclass(frozen=True)
class Story:
    """`adds` is what happens on the ward; `says` the verdicts that the clinician expects, `status` what may follow."""

    name: str
    adds: Callable[[Record], object]
    says: Expected = field(default_factory=dict)
    status: set[str] = field(default_factory=lambda: CLEARED | ASKED | STOPPED)
    protocol: str = US
    base: Callable[[Record], None] = documented
    sex: str = "female"
    trd: str | None = None
    as_of: str = AS_OF.isoformat()


def nothing(_: Record) -> None:
    """Nothing is added."""


def words(text: str, *codes: tuple[str, str]) -> dict[str, Any]:
    """A concept by its words, with codes (system, code) if there are any."""
    return {"text": text, "coding": [{"system": system, "code": code} for system, code in codes]}


def condition(text: str, *codes: tuple[str, str], **more: Any) -> Callable[[Record], object]:
    """An entry of the problem list that somebody typed."""
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    return lambda r: r.resource("Condition", code=words(text, *codes), clinicalStatus=status, **more)


def icd(code: str, text: str, **more: Any) -> Callable[[Record], object]:
    return lambda r: r.condition(code, text, **more)


def taking(name: str, *, since: str = "2026-05-01", until: str | None = None) -> Callable[[Record], object]:
    return lambda r: r.medicine(None, name, mg=1, since=since, until=until)


def answer(loinc: str, name: str, said: str, on: str) -> Callable[[Record], object]:
    return lambda r: r.answer(loinc, name, said, on)


def columbia(yes: set[str]) -> Callable[[Record], object]:
    """The suicide screener as a form, answered on the day of the decision."""
    questions = ("93246-7", "93247-5", "93248-3", "93249-1", "93250-9", "93267-3")
    items = [
        {"linkId": f"/{q}", "answer": [{"valueCoding": {"system": LOINC, "code": "LA33-6" if q in yes else "LA32-8"}}]}
        for q in questions
    ]
    return lambda r: r.resource("QuestionnaireResponse", status="completed", authored="2026-11-20", item=items)


def phq9(answers: Sequence[str | None]) -> Callable[[Record], object]:
    """A PHQ-9 whose answers are kept as they are printed on the form."""
    codes = ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"]
    items = [{"linkId": c, "answer": [{"valueString": a}]} for c, a in zip(codes, answers, strict=True) if a]
    form = f"{LOINC}/q/44249-1"
    return lambda r: r.resource(
        "QuestionnaireResponse", status="completed", questionnaire=form, authored="2026-11-19", item=items
    )


def allergy(text: str, **more: Any) -> Callable[[Record], object]:
    return lambda r: r.resource("AllergyIntolerance", code=words(text), recordedDate="2026-01-05", **more)


def nameless_medicine(r: Record) -> None:
    code = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "9999999"}]}
    r.resource("MedicationStatement", status="active", medicationCodeableConcept=code)


def two_high_days(r: Record) -> None:
    """Twice above the limit, on different days."""
    r.pressure(152, 96, "2026-11-18T08:00:00Z")
    r.pressure(149, 95, "2026-11-19T08:00:00Z")


def rated_by_interview(r: Record) -> None:
    """No PHQ-9 at all: both trials were followed with a clinician's scale that has no code."""
    r.condition("F33.2", "Major depressive disorder, recurrent, severe", since="2025-03-01")
    r.medicine("36437", "sertraline", mg=150, since="2025-03-10", until="2025-06-10")
    r.medicine("39786", "venlafaxine", mg=225, since="2025-06-15", until="2025-10-20")
    for value, on in ((34, "2025-03-10"), (32, "2025-06-10"), (33, "2025-06-15"), (31, "2025-10-20")):
        r.resource(
            "Observation",
            status="final",
            code=words("MADRS total score"),
            effectiveDateTime=on,
            valueInteger=value,
        )


def all_reviewed(r: Record) -> None:
    r.reviewed("2026-11-16", "Dr Ines Vale")


def second_trial_for_pain(r: Record) -> None:
    """Duloxetine that the rheumatologist gave for fibromyalgia is no failed treatment of depression."""
    r.condition("F33.2", "Major depressive disorder, recurrent, severe", since="2025-03-01")
    r.medicine("36437", "sertraline", mg=150, since="2025-03-10", until="2025-06-10", why_ended="no effect")
    pain = r.resource("Condition", code=words("Fibromyalgia", (SNOMED, "203082005")))
    r.resource(
        "MedicationStatement",
        status="completed",
        medicationCodeableConcept=words("duloxetine 60 mg"),
        effectivePeriod={"start": "2025-06-15", "end": "2025-10-20"},
        dosage=[
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 60, "unit": "mg", "code": "mg"}}],
            }
        ],
        statusReason=[words("no effect")],
        reasonReference=[{"reference": pain}],
    )


STORIES = [
    Story("a complete record of a woman is cleared", nothing, status=CLEARED, trd="yes"),
    Story("a complete record of a man is cleared for an infusion", nothing, status=CLEARED, sex="male", protocol=IV),
    Story("nobody reviewed anything: no rows is not no history", nothing, status=ASKED, base=undocumented, sex="male"),
    Story(
        "an aneurysm that was coiled years ago still stops",
        icd("I67.1", "Cerebral aneurysm", status="resolved"),
        {"no_aneurysmal_disease": "not_met"},
        STOPPED,
    ),
    Story(
        "the surgeon's shorthand is an aneurysm too",
        condition("AAA 4.4 cm, surveillance"),
        {"no_aneurysmal_disease": "not_met"},
        STOPPED,
    ),
    Story(
        "an aneurysm of the father leaves a question, not a stop",
        condition("Family history of aortic aneurysm"),
        {"no_aneurysmal_disease": "unknown"},
        ASKED,
    ),
    Story(
        "bleeding after a blow to the head is asked about",
        icd("S06.360A", "Traumatic hemorrhage of cerebrum"),
        {"no_intracerebral_haemorrhage": "unknown"},
        ASKED,
    ),
    Story(
        "a heart attack 42 days ago is within six weeks",
        icd("I21.4", "NSTEMI", since="2026-10-09"),
        {"no_recent_cardiovascular_event": "not_met"},
        STOPPED,
        EU,
    ),
    Story(
        "a heart attack 43 days ago is not",
        icd("I21.4", "NSTEMI", since="2026-10-08", until="2026-10-20", status="resolved"),
        {"no_recent_cardiovascular_event": "met"},
        CLEARED,
        EU,
    ),
    Story(
        "a psychosis after childbirth was a psychosis",
        icd("F53.1", "Puerperal psychosis", status="resolved", since="2015-01-01", until="2015-04-01"),
        {"no_psychosis": "not_met"},
    ),
    Story(
        "hallucinations with alcohol are asked about before an infusion",
        icd("F10.251", "Alcohol-induced psychotic disorder", status="resolved", until="2018-01-01"),
        {"no_psychosis": "unknown", "no_active_substance_use": "met"},
        ASKED,
        IV,
    ),
    Story(
        "a typed entry that says remission is no active use",
        condition("Alcohol use disorder, severe, in sustained remission"),
        {"no_active_substance_use": "unknown"},
        ASKED,
        IV,
    ),
    Story(
        "a drug screen in free text is not ignored",
        lambda r: r.resource(
            "Observation",
            status="final",
            code=words("Urine drug screen"),
            effectiveDateTime="2026-11-15",
            valueString="Positive for cocaine",
        ),
        {"no_active_substance_use": "unknown"},
        CLEARED | ASKED,
    ),
    Story(
        "ketamine among the allergies stops",
        allergy("Ketamine: hives"),
        {"no_hypersensitivity": "not_met"},
        STOPPED,
    ),
    Story(
        "so does a ketamine allergy that stands on the problem list",
        condition("Allergy to ketamine"),
        {"no_hypersensitivity": "not_met"},
        STOPPED,
    ),
    Story(
        "an allergy to a general anaesthetic leaves open which",
        allergy("general anesthetic, unspecified"),
        {"no_hypersensitivity": "unknown"},
        ASKED,
    ),
    Story(
        "an allergy to penicillin does not matter",
        allergy("penicillin"),
        {"no_hypersensitivity": "met"},
        CLEARED,
    ),
    Story(
        "intent answered on the form comes before everything",
        columbia({"93246-7", "93247-5", "93249-1"}),
        {"suicide_risk_assessed": "unknown"},
        ASKED,
    ),
    Story("thoughts of death without method have been asked about", columbia({"93246-7"}), status=CLEARED),
    Story(
        "a plan beside a level called low keeps the higher level",
        lambda r: r.answer("93250-9", "C-SSRS question 5", "Yes", "2026-11-16"),
        {"suicide_risk_assessed": "unknown"},
        ASKED,
    ),
    Story(
        "answers as they are printed make a PHQ-9",
        phq9(["More than half the days"] * 8 + ["Not at all"]),
        {"severity_measured": "met", "suicide_risk_assessed": "met"},
        base=undocumented,
        sex="male",
    ),
    Story(
        "a question about suicide that was left out was not answered no",
        phq9(["More than half the days"] * 8 + [None]),
        {"suicide_risk_assessed": "unknown"},
        base=undocumented,
        sex="male",
    ),
    Story(
        "a quantity of hCG is read by a human",
        lambda r: r.resource(
            "Observation",
            status="final",
            code=words("Choriogonadotropin, beta subunit", (LOINC, "21198-7")),
            effectiveDateTime="2026-11-18",
            valueQuantity={"value": 4500, "unit": "m[IU]/mL"},
        ),
        {"not_pregnant": "unknown"},
        ASKED,
    ),
    Story(
        "an answer a week and a day old does not clear a pregnancy",
        nothing,
        {"not_pregnant": "unknown"},
        ASKED,
        as_of="2026-11-25",
    ),
    Story(
        "a tablet for pain that sedates is weighed, never stopped",
        taking("Percocet 5-325"),
        {"no_cns_depressant": "not_met"},
        CLEARED,
    ),
    Story(
        "an MAO inhibitor ended ten days ago still acts",
        taking("phenelzine", since="2025-11-01", until="2026-11-10"),
        {"no_maoi": "not_met"},
        CLEARED,
    ),
    Story(
        "a medicine that is only a number may be any medicine",
        nameless_medicine,
        {"no_cns_depressant": "unknown", "no_stimulant": "unknown", "no_maoi": "unknown"},
    ),
    Story(
        "two days above the limit are a pattern, and the prescriber weighs it",
        two_high_days,
        {"hypertension_controlled": "not_met"},
        CLEARED,
    ),
    Story("trials followed with MADRS count", nothing, base=rated_by_interview, trd="yes"),
    Story("a medicine given for pain is no failed trial", all_reviewed, base=second_trial_for_pain, trd="no"),
    Story(
        "few trials on a record that nobody reviewed are no no",
        nothing,
        base=second_trial_for_pain,
        trd="indeterminate",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=[s.name for s in STORIES])
def test_the_clinician_and_the_program_agree(story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Record("ann", born="1979-05-14", sex=story.sex)
    story.base(record)
    story.adds(record)
    file = tmp_path / "ann.json"
    file.write_text(json.dumps(record.bundle()))
    main(["screen", str(file), "--protocol", story.protocol, "--as-of", story.as_of, "--format", "json"])
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    verdicts = {f["criterion"]: f["verdict"] for f in line["findings"] if f["when"] == "screening"}
    assert {name: verdicts[name] for name in story.says} == dict(story.says)
    assert line["status"] in story.status
    assert story.trd in (None, line["trd"]["trd"])


def test_what_decides_names_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A verdict that rests on a record cites it, so that the clinician can look it up."""
    record = Record("ann", born="1979-05-14", sex="female")
    documented(record)
    thoughts = record.resource("Condition", code=words("Suicidal ideation"), onsetDateTime="2026-11-19", **ACTIVE)
    file = tmp_path / "ann.json"
    file.write_text(json.dumps(record.bundle()))
    main(["screen", str(file), "--protocol", US, "--as-of", AS_OF.isoformat(), "--format", "json"])
    line = json.loads(capsys.readouterr().out)
    (asked,) = [f for f in line["findings"] if f["criterion"] == "suicide_risk_assessed" and f["when"] == "screening"]
    assert asked["verdict"] == "unknown"
    assert thoughts in [e["resource"] for e in asked["evidence"]]


ACTIVE = {
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    }
}
