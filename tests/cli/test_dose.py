"""Does `daybreak dose` work out what can be read, say what speaks against it, and name what cannot be read?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from daybreak.cli.main import main

DRIP = ["0.5 mg/kg", "--weight", "70kg", "--concentration", "1mg/mL", "--minutes", "40", "--signed", "0.2-2mg/mL"]
SHOT = ["0.6 mg/kg", "--ladder", "ketamine-sc", "--weight", "70kg", "--concentration", "50mg/mL"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def of(*words: str) -> Any:
        code = main(["dose", *words])
        captured = capsys.readouterr()
        return json.loads(captured.out) if code == 0 else (code, captured.err)

    return of


def test_an_infusion(run: Any) -> None:
    done = run(*DRIP, "--first", "--height", "170cm", "--sex", "female")
    figures = ("dose_mg", "volume_ml", "rate_ml_per_hour", "mg_per_kg_per_hour", "ug_per_kg_per_min", "mg_per_kg_ideal")
    assert [done[name] for name in figures] == ["35", "35", "52.5", "0.75", "12.5", "0.57"]
    assert (done["refused"], done["deviates"], done["findings"], done["devices"]) == (False, False, [], [])


def test_the_ideal_weight_and_pounds(run: Any) -> None:
    assert run(*DRIP, "--ideal", "--height", "170cm", "--sex", "male")["dose_mg"] == "33"
    assert run("0.5 mg/kg", "--weight", "154lb")["dose_mg"] == "34.9"


def test_devices(run: Any) -> None:
    done = run("84 mg", "--ladder", "esketamine-nasal-us", "--first", "--lang", "zh-Hans")
    assert [one["earliest_minutes"] for one in done["devices"]] == [0, 5, 10]
    assert [one["strength"] for one in done["findings"]] == ["says"]
    assert "说明书" in done["findings"][0]["said"]


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (("1 mg/kg", *DRIP[1:]), "dose.anaesthetic"),
        (("0.5 mg/kg",), "dose.no-weight"),
        (DRIP[:-2], "dose.no-concentration-signed"),
        ((*DRIP, "--ceiling", "30mg"), "dose.ceiling"),
        (("84 mg", "--ladder", "esketamine-nasal-eu", "--age", "70", "--last", "28mg"), "dose.step"),
        ((*SHOT, "--last", "0.5mg/kg", "--improved", "60"), "dose.improved"),
        (("56 mg", "--ladder", "esketamine-nasal-eu"), "dose.last-unknown"),
    ],
)
def test_what_speaks_against_it(run: Any, words: tuple[str, ...], id: str) -> None:
    assert id in [one["id"] for one in run(*words)["findings"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0.5",), "DOSE '0.5' cannot be read; expected a number with mg or mg/kg"),
        (("1,000 mg",), "cannot be read"),
        (("0.5 mg/kg", "--weight", "70"), "--weight '70' cannot be read; expected a number with kg or lb"),
        (("0.5 mg/kg", "--signed", "2mg/mL"), "--signed '2mg/mL' cannot be read"),
        (("56 mg", "--ladder", "nothing"), "no ladder 'nothing'; there are esketamine-nasal-us,"),
    ],
)
def test_what_cannot_be_read_is_named(run: Any, words: tuple[str, ...], said: str) -> None:
    code, problem = run(*words)
    assert code == 2
    assert said in problem
