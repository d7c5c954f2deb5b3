"""Is a process that dies started again, and is that given up when it helps nothing?"""

from __future__ import annotations

import logging
import threading

import pytest

from daybreak.web import processes


class Process:
    """One that is dead whenever it is looked at, or lives until it is told to end."""

    made = 0

    def __init__(self, *, dies: bool) -> None:
        self.exitcode = -9
        self.alive = not dies
        Process.made += 1

    def start(self) -> None:
        pass

    close = start

    def is_alive(self) -> bool:
        return self.alive

    def terminate(self) -> None:
        self.alive = False

    def join(self, timeout: float) -> None:
        assert timeout == processes.STOPS_WITHIN


@pytest.fixture
def quick(monkeypatch, caplog):
    monkeypatch.setattr(processes, "LOOKS_EVERY", 0.001)
    monkeypatch.setattr(Process, "made", 0)
    with caplog.at_level(logging.ERROR, "daybreak.serve"):
        yield caplog


def test_what_dies_again_and_again_stops_the_clinic_with_a_reason(quick) -> None:
    lives = Process(dies=False)
    make = {"the clock": lambda: Process(dies=True), "process 1 of the pages": lambda: lives}
    assert not processes.keep(make, threading.Event())
    said = [(one.levelname, one.getMessage()) for one in quick.records]
    assert said[:-1] == [("ERROR", "the clock ended by itself (signal 9) and is started again")] * (
        processes.DEATHS - 1
    )
    assert said[-1] == ("CRITICAL", "the clock ended by itself (signal 9), as others did before: Daybreak stops")
    assert not lives.alive, "the others are told to end"


def test_what_dies_now_and_then_is_started_again_each_time(quick, monkeypatch) -> None:
    monkeypatch.setattr(processes, "WITHIN", 0.0)
    stopping = threading.Event()

    def dies() -> Process:
        if Process.made == 3 * processes.DEATHS:
            stopping.set()
        return Process(dies=True)

    assert processes.keep({"the clock": dies}, stopping)
    assert {one.levelname for one in quick.records} == {"ERROR"}
