"""Are 200 pages a second shown, each with its line in the audit trail, while 20 actions a second are committed?

`python -m benchmarks.pages sqlite|postgres` runs one server with its readers and prints what they saw.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import uvicorn

from benchmarks.measure import Row, seconds

IDS = ("pages-sqlite", "pages-postgres")
PAGES, ACTIONS = 200, 20  # a second
READERS = 20
LASTS = 15  # seconds
KEPT_UP = 0.99
BARE_COMMITS = 200


def rows(only: str | None = None) -> list[Row]:
    """One row for each database, or the one that is asked for."""
    return [row(id) for id in IDS if only in (None, id)]


def row(id: str) -> Row:
    """The 95th percentile of a page beside what one durable commit takes on this disk."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages", id.split("-")[1]], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    pages, actions = found["pages_a_second"], found["actions_a_second"]
    return {
        "id": id,
        "what": f"page with an audit line, 95th percentile, at {pages:.0f} pages and {actions:.0f} actions a second",
        "unit": "ms",
        "ours": round(found["page_p95"] * 1000, 1),
        "against": "one durable commit, median, idle",
        "theirs": round(found["bare_commit"] * 1000, 1),
        "ratio": round(found["page_p95"] / found["bare_commit"], 1),
        "goal": f"{PAGES} pages and {ACTIONS} actions a second kept up",
        "reached": found["failed"] == 0 and pages >= KEPT_UP * PAGES and actions >= KEPT_UP * ACTIONS,
        "n": found["pages"],
        "spread": round((found["page_p99"] - found["page_p50"]) / found["page_p50"], 2),
    }


def child(database: str) -> None:
    """Set up, serve, read and act at the given rates, print what was seen."""
    from django.conf import settings

    from benchmarks import clinic
    from daybreak.web.serve import Listening, doors

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = clinic.make(database=database)
    bare = statistics.median(seconds(act) for _ in range(BARE_COMMITS))
    cookie = session()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.pages_settings"  # of the servers
    if database == "postgres":
        os.environ["DAYBREAK_DATABASE"] = settings.PLACE.database
    spawn = multiprocessing.get_context("spawn")
    servers = [spawn.Process(target=server, args=(door,)) for door in doors(Listening(port=port))]
    for one in servers:
        one.start()
    try:
        wait_for(port)
        found = load(port, cookie)
        for one in servers:
            one.terminate()
            one.join()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = (used.ru_utime + used.ru_stime) / found["pages"]  # with the start of the server
        print(json.dumps({**found, "bare_commit": bare, "processor": processor}))
    finally:
        for one in servers:
            one.kill()
        shutil.rmtree(home)


def server(door: socket.socket) -> None:
    """One of the processes that make pages, as `daybreak serve` runs them."""
    settings = uvicorn.Config("daybreak.web.asgi:application", log_config=None, access_log=False, lifespan="off")
    uvicorn.Server(settings).run(sockets=[door])


def act() -> None:
    """One action of the clinic: a row, its line in the audit trail, one commit."""
    from daybreak.web import ids
    from daybreak.web.people import actions

    actions.found(organisation="Dawn", site="Main Street", rooms=[ids.new().hex], at=datetime.now(UTC))


def session() -> str:
    """A session in which the administrator is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from daybreak.web.people.models import Person
    from daybreak.web.presence.store import SessionStore

    ada = Person.objects.get()
    store = SessionStore()
    store.update({SESSION_KEY: str(ada.pk), HASH_SESSION_KEY: ada.get_session_auth_hash()})
    store.update({BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"})
    store.update({"began": time.time(), "seen": time.time()})
    store.create()
    return str(store.session_key)


def wait_for(port: int) -> None:
    """Until every server answers: a browser waits at the door of one that is still starting."""
    for _ in range(READERS):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as asked:
            asked.request("GET", "/healthz")
            asked.getresponse().read()


def load(port: int, cookie: str) -> dict[str, Any]:
    """Each page and action is due at its time, whether or not the one before has come: waiting counts."""
    from django.conf import settings

    from benchmarks import clinic

    pages: list[float] = []
    actions: list[float] = []
    failed: list[bytes] = []
    start = time.perf_counter() + 0.5

    # As the proxy that ends TLS sends it on.
    headers = (f"Host: {clinic.HOST}", "X-Forwarded-Proto: https", f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}")

    def read() -> Callable[[], None]:
        """A browser that costs little: the reader is not what is measured, and shares the machine."""
        connection = socket.create_connection(("127.0.0.1", port))
        asked = "\r\n".join(("GET /measured/ HTTP/1.1", *headers, "", "")).encode()

        def once() -> None:
            connection.sendall(asked)
            answer = connection.recv(65536)
            while not answer.endswith(b"</html>\n"):
                more = connection.recv(65536)
                if not more:
                    raise ConnectionError(answer[:100])
                answer += more
            if not answer.startswith(b"HTTP/1.1 200"):
                failed.append(answer[:15])

        return once

    def repeat(work: Callable[[], None], *, every: float, first: float, took: list[float]) -> None:
        due = start + first
        while due < start + LASTS:
            time.sleep(max(0.0, due - time.perf_counter()))
            work()
            took.append(time.perf_counter() - due)
            due += every

    every = READERS / PAGES
    threads = [
        threading.Thread(target=repeat, args=(read(),), kwargs={"every": every, "first": n / PAGES, "took": pages})
        for n in range(READERS)
    ]
    threads.append(
        threading.Thread(target=repeat, args=(act,), kwargs={"every": 1 / ACTIONS, "first": 0, "took": actions})
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    pages.sort()
    actions.sort()
    return {
        "pages": len(pages),
        "failed": len(failed),
        "pages_a_second": len(pages) / max(took, LASTS),
        "actions_a_second": len(actions) / max(took, LASTS),
        "page_p50": pages[len(pages) // 2],
        "page_p95": pages[int(len(pages) * 0.95)],
        "page_p99": pages[int(len(pages) * 0.99)],
        "action_p95": actions[int(len(actions) * 0.95)],
    }


if __name__ == "__main__":
    child(sys.argv[1])
