"""Who starts a process of the clinic again when it dies, and when is that given up?"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess

STOPS_WITHIN, LOOKS_EVERY = 15, 0.2  # seconds
DEATHS, WITHIN = 6, 60.0  # what dies so often within so many seconds is not mended by being started again

log = logging.getLogger("daybreak.serve")


def keep(make: Mapping[str, Callable[[], BaseProcess]], stopping: threading.Event) -> bool:
    """Run these processes until told to stop; one that dies is started again. False: they died again and again."""
    running = {name: _started(one) for name, one in make.items()}
    deaths: deque[float] = deque(maxlen=DEATHS)
    try:
        while not stopping.wait(LOOKS_EVERY):
            for name, process in running.items():
                if process.is_alive():
                    continue
                deaths.append(time.monotonic())
                if len(deaths) == DEATHS and deaths[-1] - deaths[0] < WITHIN:
                    log.critical("%s ended by itself (%s), as others did before: Daybreak stops", name, _how(process))
                    return False
                log.error("%s ended by itself (%s) and is started again", name, _how(process))
                process.close()
                running[name] = _started(make[name])
        return True
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join(STOPS_WITHIN)
            if process.is_alive():
                process.kill()


def end_with_parent() -> None:
    """In a process of the clinic: when whoever started it is gone, end as if told to. Nobody would start it again, and whoever
    starts the clinic anew finds its place free and no second clock."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "only what was started by `keep` can follow it"
    threading.Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _started(make: Callable[[], BaseProcess]) -> BaseProcess:
    process = make()
    process.start()
    return process


def _how(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"signal {-code}" if code < 0 else f"code {code}"
