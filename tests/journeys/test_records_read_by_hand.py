"""Do 15 records that nobody here wrote come out as a person reading them says?

Each was read by hand once, entry by entry, and compared with what `daybreak screen` says by the US protocol. The records
themselves (Synthea) are not part of this repository; without them the test is skipped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from daybreak.cli.main import main


@dataclass(frozen=True)
class Checked:
    """`open_`: what a record leaves open although it speaks of it (the rest is open because nobody reviewed it)."""

    status: str
    failed: int
    possible: int
    not_met: list[str]
    open_: list[str]


# What was seen in each record, in order: hypertension untreated for years · depression, opioid abuse, died 2005 · cardiac
# arrest, hydrocodone, died 1992 · miscarriage · hypertension · stroke of unknown kind · brain injury, opioid abuse, died
# 1994 · hypertension · hypertension · depression with fluoxetine "1" a day · alcoholism, heart failure, concussion, died
# 2005 · cardiac arrest, overdose, died 2006 · overdose in youth · alcoholism · tubal pregnancy of 1972 still "active"
CHECKED = {
    "2be9b668": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=["hypertension_controlled", "pre_dose_blood_pressure"],
        open_=[],
    ),
    "577f37fd": Checked(
        "not_eligible",
        failed=0,
        possible=0,
        not_met=["alive", "hypertension_controlled", "no_active_substance_use", "pre_dose_blood_pressure"],
        open_=[],
    ),
    "7e44533c": Checked(
        "not_eligible",
        failed=0,
        possible=1,
        not_met=["alive", "no_cns_depressant", "no_unstable_heart_disease"],
        open_=["failed_adequate_trials", "hypertension_controlled", "pre_dose_blood_pressure"],
    ),
    "bb7fb8e1": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=[],
        open_=["hypertension_controlled", "not_breast_feeding", "not_pregnant", "pre_dose_blood_pressure"],
    ),
    "4ef9f896": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=["hypertension_controlled", "pre_dose_blood_pressure"],
        open_=[],
    ),
    "f9aef24a": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=[],
        open_=[
            "hypertension_controlled",
            "no_intracerebral_haemorrhage",
            "not_breast_feeding",
            "not_pregnant",
            "pre_dose_blood_pressure",
        ],
    ),
    "d92a3a52": Checked(
        "not_eligible",
        failed=0,
        possible=1,
        not_met=["alive", "no_active_substance_use", "no_cns_depressant"],
        open_=[
            "failed_adequate_trials",
            "hypertension_controlled",
            "no_raised_intracranial_pressure",
            "pre_dose_blood_pressure",
        ],
    ),
    "ca95b2c5": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=["hypertension_controlled", "pre_dose_blood_pressure"],
        open_=["not_breast_feeding", "not_pregnant"],
    ),
    "ee9f8dd8": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=["hypertension_controlled", "pre_dose_blood_pressure"],
        open_=["not_breast_feeding", "not_pregnant"],
    ),
    "8adf7251": Checked(
        "needs_information",
        failed=0,
        possible=1,
        not_met=[],
        open_=["failed_adequate_trials", "hypertension_controlled", "pre_dose_blood_pressure"],
    ),
    "0d1d30da": Checked(
        "not_eligible",
        failed=0,
        possible=0,
        not_met=["alive", "no_active_substance_use"],
        open_=[
            "hypertension_controlled",
            "no_raised_intracranial_pressure",
            "no_unstable_heart_disease",
            "pre_dose_blood_pressure",
        ],
    ),
    "f70bdfe3": Checked(
        "not_eligible",
        failed=0,
        possible=0,
        not_met=["alive", "no_unstable_heart_disease"],
        open_=["hypertension_controlled", "no_active_substance_use", "pre_dose_blood_pressure"],
    ),
    "a6fb5437": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=[],
        open_=["hypertension_controlled", "no_active_substance_use", "pre_dose_blood_pressure"],
    ),
    "fe0153b2": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=["no_active_substance_use"],
        open_=["hypertension_controlled", "pre_dose_blood_pressure"],
    ),
    "54034a85": Checked(
        "needs_information",
        failed=0,
        possible=0,
        not_met=[],
        open_=["hypertension_controlled", "not_breast_feeding", "not_pregnant", "pre_dose_blood_pressure"],
    ),
}


def test_fifteen_records_come_out_as_read_by_hand(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shared / "data" / "fhir_r4")
    code = main(["screen", folder, "--protocol", "esketamine-nasal-us", "--as-of", "2026-11-24", "--format", "json"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    found = {}
    for line in map(json.loads, out.splitlines()):
        findings = line["findings"]
        found[line["patient"]["id"][:8]] = Checked(
            line["status"],
            failed=line["trd"]["failed"],
            possible=line["trd"]["possible"],
            not_met=sorted(f["criterion"] for f in findings if f["verdict"] == "not_met"),
            open_=sorted(f["criterion"] for f in findings if f["verdict"] == "unknown" and f["evidence"]),
        )
    assert found == CHECKED
