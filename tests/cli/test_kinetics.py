"""Does `daybreak kinetics` show its curves with their sources, and say what it cannot read?"""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from daybreak.cli.main import main

INFUSION = ["kinetics", "ketamine", "iv", "0.5mg/kg", "40min", "--weight", "70kg"]


def lines(text: str) -> tuple[list[str], list[list[str]]]:
    said = [one for one in text.splitlines() if one.startswith("#")]
    return said, [one.split(",") for one in text.splitlines() if not one.startswith("#")]


def test_an_infusion_is_a_band_of_models_that_names_them(capsys) -> None:
    assert main([*INFUSION, "--until", "120min"]) == 0
    said, (head, *rows) = lines(capsys.readouterr().out)
    assert "Not for dosing" in said[0]
    assert head == ["minute", "low_ng_per_ml", "high_ng_per_ml", "domino", "clements", "kamp"]
    assert len(rows) == 121
    for _, low, high, *each in rows:
        assert (float(low), float(high)) == (min(map(float, each)), max(map(float, each)))
    assert rows[40][3:] == ["240.36", "177.31", "253.05"]


def test_a_pause_leaves_the_dose_and_moves_its_end(capsys) -> None:
    assert main([*INFUSION, "--pause", "15min+10min"]) == 0
    _, (_, *rows) = lines(capsys.readouterr().out)
    by_kamp = [float(row[5]) for row in rows]
    assert by_kamp.index(max(by_kamp)) == 50
    assert max(by_kamp) == pytest.approx(248, abs=0.5)
    assert by_kamp[120] == pytest.approx(53, abs=0.5)


def test_a_spray_is_one_model_and_the_older_clear_it_more_slowly(capsys) -> None:
    ends = {}
    for age in ("45", "80"):
        assert main(["kinetics", "esketamine", "nasal", "56mg", "--age", age, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        (model,) = told["models"]
        assert all(one["source"]["id"] == "perez-ruixo-2021" for one in model["parameters"])
        ends[age] = model["ng_per_ml"][told["minutes"].index(240)]
    assert ends["45"] < ends["80"]


def test_most_people_are_between_the_edges_of_a_spray_s_band(capsys) -> None:
    assert main(["kinetics", "esketamine", "nasal", "56mg", "--people", "500", "--until", "120min"]) == 0
    _, (head, *rows) = lines(capsys.readouterr().out)
    assert head == ["minute", "low_ng_per_ml", "high_ng_per_ml", "perez-ruixo"]
    assert all(float(low) <= float(middle) <= float(high) for _, low, high, middle in rows)
    assert main(["kinetics", "esketamine", "nasal", "56mg", "--people", "500", "--svg"]) == 0
    assert "polygon" in capsys.readouterr().out
    assert main(["kinetics", "esketamine", "nasal", "56mg", "--svg"]) == 0
    assert "polygon" not in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_the_drawing_says_what_it_is(capsys, lang) -> None:
    assert main([*INFUSION, "--svg", "--lang", lang]) == 0
    drawn = ElementTree.fromstring(capsys.readouterr().out)
    texts = [one.text or "" for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert any(("Not for dosing" if lang == "en" else "不用于决定剂量") in one for one in texts)
    assert any("kamp-2020" in one for one in texts)


def test_what_was_measured_stands_beside_what_is_predicted(capsys) -> None:
    assert main(["kinetics", "--observed"]) == 0
    head, *rows = [one.split("\t") for one in capsys.readouterr().out.splitlines()]
    assert len(rows) == 24
    first = dict(zip(head, rows[0], strict=True))
    assert (first["observed"], first["domino"], first["clements"], first["kamp"]) == ("185", "240", "177", "253")
    assert rows[2][7:10] == ["-", "-", "-"]  # nobody published a model of it that we could read


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "There are models of: ketamine iv, esketamine nasal"),
        (["ketamine", "oral", "50mg"], "There are models of"),
        (["ketamine", "iv", "0.5mg/kg", "--weight", "70kg"], "over how many minutes"),
        (["ketamine", "iv", "0.5mg/kg", "40min"], "--weight is missing"),
        (["ketamine", "iv", "0.5mg/kg", "40min", "--weight", "154lb"], "--weight 154lb"),
        (["ketamine", "iv", "NaNmg", "40min", "--weight", "70kg"], "NaNmg"),
        (["ketamine", "iv", "0mg", "40min", "--weight", "70kg"], "above zero"),
        (["ketamine", "iv", "5mg", "40min", "--weight", "70kg", "--until", "9000min"], "--until 9000min"),
        (["ketamine", "iv", "5mg", "40min", "--weight", "70kg", "--pause", "40min+5min"], "does not run then"),
        (["ketamine", "iv", "5mg", "40min", "--weight", "70kg", "--pause", "5"], "such as 15min+10min"),
        (["esketamine", "nasal", "50mg"], "28 mg a device"),
        (["esketamine", "nasal", "56mg", "40min"], "no minutes"),
        (["esketamine", "nasal", "56mg", "--age", "400"], "--age 400"),
        (["esketamine", "nasal", "5600mg"], "at most 112 mg"),
        (["esketamine", "nasal", "56mg", "--people", "1"], "--people 1"),
        (["ketamine", "iv", "5mg", "40min", "--weight", "70kg", "--people", "500"], "how far people differ"),
    ],
)
def test_what_cannot_be_read_is_named(capsys, words, says) -> None:
    assert main(["kinetics", *words]) == 2
    told = capsys.readouterr()
    assert (told.out, says in told.err) == ("", True)
