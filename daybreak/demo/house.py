"""Where is the demo's clinic kept, is it whole, and is it running? One folder that holds nothing else."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from daybreak.demo import bundles, hours, player, sender
from daybreak.demo.staff import ORGANISATION, STAFF
from daybreak.web import place
from daybreak.web.bedside.door import Door
from daybreak.web.instant import Pace
from daybreak.web.place import NotReady
from daybreak.web.start import begin

NEIGHBOURS = 20  # ports that are tried for the monitors
NOTE, LOCK, FHIR = "demo.json", "demo.lock", "fhir"
# All that is ever in the folder: making it anew removes these and nothing else.
FILES = (
    "clinic.json",
    "daybreak.sqlite3",
    "daybreak.sqlite3-wal",
    "daybreak.sqlite3-shm",
    "audit-heads",
    "outbox",
    FHIR,
    NOTE,
    hours.CLOCK,
)


@dataclass(frozen=True, slots=True)
class House:
    """The demo in a folder, reached at a port of this machine."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def ready(self) -> bool:
        """Was it made to the end? NotReady when the folder is something else."""
        if not (self.folder / NOTE).exists():
            if (self.folder / "clinic.json").exists():
                raise NotReady(f"{self.folder} holds a clinic that is no demo: name another folder with --folder.")
            return False
        note = self._note()
        return bool(note["ready"]) and "opened" in note  # made by an earlier Daybreak, it is made again

    @contextmanager
    def kept(self) -> Iterator[str]:
        """Keep the folder to oneself; gives the address at which another process runs it, else nothing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a+", encoding="utf-8") as lock:
            lock.seek(0)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield lock.read().strip() or "another port"
                return
            lock.truncate(0)
            lock.write(self.address)
            lock.flush()
            yield ""

    def make(self, *, seed: int, now: datetime) -> None:
        """Make it from nothing. Where it was interrupted, the next start makes it again."""
        self.ready()  # never a folder that holds somebody's clinic
        for name in FILES:
            old = self.folder / name
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
        self._keep_note({"ready": False})
        self._surroundings()
        place.make(profile="demo", public_url=self.address, database=None)
        begin(migrate=True)
        from daybreak.demo import clinic
        from daybreak.web import zones

        now = hours.opening(now, zones.of_the_machine())
        count = clinic.make(now=now, seed=seed)
        bundles.write(self.folder / FHIR, today=now.date(), seed=seed)
        hours.keep(self.folder, hours.Kept(here=now, played=now))
        made = {"made": now.date().isoformat(), "opened": now.isoformat(), "seed": seed, "patients": count}
        self._keep_note({"ready": True, **made})

    def enter(self) -> None:
        """From here on this process speaks to the demo's clinic."""
        self._surroundings()
        begin(migrate=True)

    def told(self, *, speed: int) -> str:
        """What somebody who starts the demo has to know."""
        from daybreak.web.demo.mark import password

        note = self._note()
        here = f"{hours.kept(self.folder).here.astimezone():%A %d %B %Y, %H:%M}"
        fast = f" and its clock goes {speed} times as fast as yours" if speed > 1 else ""
        people = "\n".join(
            f"  {worker.name}: {', '.join(f'{role} at {site}' for role, site in worker.holds)}".replace("_", " ")
            for worker in STAFF
        )
        return (
            f"{ORGANISATION}, a made-up clinic with {note['patients']} made-up patients (seed {note['seed']}), in "
            f"{self.folder}\nIn it, it is {here}{fast}; it stands still while the demo is stopped, and --fresh begins today."
            f"\n\nOpen {self.address}/demo/ in a browser and choose who you are:\n{people}\n\n"
            f"When a page asks for a password once more, it is {password()}\n"
            f"The same patients as FHIR bundles: daybreak screen {self.folder / FHIR} --as-of {note['made']}\n"
            "Ctrl-C stops the demo; what you did in it stays for the next start."
        )

    def serve(self, *, speed: int) -> int:
        """Run it until it is stopped, so many times as fast as life; its three rooms go on by themselves."""
        from daybreak.web.serve import ROLES, Listening, serve

        pace = Pace(machine=datetime.now(UTC), here=hours.kept(self.folder).here, speed=speed)
        opened = datetime.fromisoformat(self._note()["opened"])
        door = Door(port=next_free(Door().port, NEIGHBOURS))
        beside = {
            "the rooms": partial(player.run, self.folder, pace, opened),
            "the monitors": partial(sender.run, door.port, pace, opened),
        }
        return serve(ROLES, Listening(port=self.port), door=door, pace=pace, beside=beside)

    def _surroundings(self) -> None:
        """Whatever clinic is named around us, it is not this one."""
        os.environ.pop("DAYBREAK_DATABASE", None)
        os.environ["DAYBREAK_HOME"] = str(self.folder)
        os.environ["DAYBREAK_PUBLIC_URL"] = self.address

    def _note(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / NOTE).read_text("utf-8"))
        return told

    def _keep_note(self, told: dict[str, Any]) -> None:
        new = self.folder / f".{NOTE}"
        new.write_text(json.dumps(told) + "\n", encoding="utf-8")
        os.replace(new, self.folder / NOTE)


def taken(port: int) -> bool:
    """Does a program of this machine listen there, under either of the addresses that its own name means?"""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family) as caller:  # a machine may have only one of the two
            caller.settimeout(1)
            if caller.connect_ex((address, port)) == 0:
                return True
    return False


def next_free(first: int, neighbours: int) -> int:
    """The first port that nobody listens on. NotReady when so many in a row are taken."""
    for port in range(first, first + neighbours):
        if not taken(port):
            return port
    raise NotReady(f"The ports {first} to {first + neighbours - 1} are all taken: name a free one with --port.")
