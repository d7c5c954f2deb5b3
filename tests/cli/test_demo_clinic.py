"""Does `daybreak demo` make its clinic once, run it on this machine, and say what is in the way when it cannot?"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import one_demo


def demo(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daybreak", "demo", *words],
        env=one_demo.surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo of these tests: made where another one had been interrupted."""
    made = tmp_path_factory.mktemp("demo") / "house"
    said = one_demo.copy(tmp_path_factory, made)
    assert "63 made-up patients (seed 1)" in said
    assert "Lee Moss: nurse at Harbour Street" in said
    assert re.search(r"it is demo(-[a-z2-7]{4}){3}\n", said)
    return made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
    return port


def answer(port: int, path: str) -> tuple[int, str]:
    """What the server says, as soon as it is there."""
    for _ in range(150):
        try:
            with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as connection:
                connection.request("GET", path)
                response = connection.getresponse()
                return response.status, response.read().decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the demo did not start")


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "daybreak.sqlite3")) as database:
        number: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return number


def clock(folder: Path) -> str:
    here: str = json.loads((folder / "clock.json").read_text())["here"]
    return here


def test_it_is_made_once_and_the_second_start_finds_it(folder) -> None:
    before = (folder / "clinic.json").read_text()
    again = demo("--folder", str(folder), "--make-only")
    assert (again.returncode, "Making" in again.stdout) == (0, False)
    assert (folder / "clinic.json").read_text() == before
    assert count(folder, "patients_registration") == 63
    assert len(list((folder / "fhir").glob("*.json"))) == 63


def test_it_runs_once_and_stops_cleanly(folder) -> None:
    port = free_port()
    words = [sys.executable, "-m", "daybreak", "demo", "--folder", str(folder), "--port", str(port), "--speed", "60"]
    made, before = clock(folder), count(folder, "treatment_session_event")
    with subprocess.Popen(
        words,
        env=one_demo.surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            status, page = answer(port, "/demo/")
            assert (status, "Dr Ines Vale" in page) == (200, True)
            second = demo("--folder", str(folder))
            assert (second.returncode, f"running already: http://localhost:{port}" in second.stdout) == (0, True)
            refused = demo("--folder", str(folder), "--fresh")
            assert (refused.returncode, "stop it before" in refused.stderr) == (2, True)
            until = time.monotonic() + 60
            while (
                count(folder, "treatment_session_event") == before or not count(folder, "bedside_binding")
            ) and time.monotonic() < until:
                time.sleep(0.5)
        finally:
            os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C does: to every process of the terminal
            said, trouble = running.communicate(timeout=60)
    assert running.returncode == 0
    assert count(folder, "treatment_session_event") > before, "its rooms went on by themselves"
    assert count(folder, "bedside_binding"), "a monitor was heard over its socket, and connected"
    assert clock(folder) > made, "and its clock goes on from here"
    assert f"Open http://localhost:{port}/demo/" in said
    assert "60 times as fast" in said
    assert "Traceback" not in trouble


def test_a_port_that_is_taken_is_named_with_one_that_is_free(folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = demo("--folder", str(folder), "--port", str(port))
    assert done.returncode == 2
    assert re.fullmatch(rf"daybreak demo: another program listens on port {port}; try --port \d+\n", done.stderr), (
        done.stderr
    )


def test_what_was_interrupted_is_made_again(folder) -> None:
    assert json.loads((folder / "demo.json").read_text())["patients"] == 63
    assert (folder / "mine.txt").read_text() == "stays"


@pytest.mark.parametrize("words", [["--fresh"], []])
def test_somebody_s_clinic_is_left_alone(tmp_path, words) -> None:
    (tmp_path / "clinic.json").write_text("{}")
    done = demo("--folder", str(tmp_path), "--make-only", *words)
    assert (done.returncode, "holds a clinic that is no demo" in done.stderr) == (2, True)
    assert (tmp_path / "clinic.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("what", "value", "most"), [("port", "0", 65535), ("port", "70000", 65535), ("speed", "61", 60)]
)
def test_what_is_no_port_and_no_speed_is_said(what, value, most) -> None:
    done = demo(f"--{what}", value)
    assert (done.returncode, f"--{what} {value}: expected 1 to {most}" in done.stderr) == (2, True)


def test_the_patients_alone_as_bundles(tmp_path) -> None:
    done = demo("--fhir", str(tmp_path / "people"))
    assert (done.returncode, "63 records in" in done.stdout) == (0, True)
    bundle = json.loads((tmp_path / "people/demo-h-1003.json").read_text("utf-8"))
    assert bundle["entry"][0]["resource"]["name"] == [{"family": "张", "given": ["伟"]}]
