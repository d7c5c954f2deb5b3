"""Send on what Vital Recorder records of a monitor, so that any of the monitors it reads can be watched here.

FILE is the .vital file that is being recorded, or the folder in which Vital Recorder begins a new one for each case: then the
newest is followed. What comes in is sent to the clinic as a device of its own, by the same door as any monitor, and a person
binds it to a chair. A value is as old as the file says; when nothing more is written the clinic says that it is lost.
"""

from __future__ import annotations

import re
import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from daybreak.exchange.hl7.recorded import Newest, message
from daybreak.exchange.recording import NoRecording, Recording
from daybreak.web.bedside.line import Line

DONE, WRONG_USAGE, NOT_SENT = 0, 2, 3
LOOKS_EVERY = 1.0  # seconds
PIECE = 1 << 20  # bytes that are read at once
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
WHERE = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})")
EXAMPLE = """examples:
  daybreak bridge C:\\Vital\\Room1 --as "Room 1"
  daybreak bridge room1.vital --as "Room 1" --to 192.0.2.10:2575
  daybreak bridge room1.vital --as "Room 1" --once"""


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak bridge` takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a .vital file, or the folder in which they are begun")
    parser.add_argument(
        "--as", dest="name", required=True, help="what the device is called in the clinic; each its own"
    )
    parser.add_argument("--to", default="127.0.0.1:2575", help="where the clinic listens (%(default)s)")
    parser.add_argument("--once", action="store_true", help="send the newest that is in it, and end")


def run(args: Namespace) -> int:
    """0: done; 2: something has to be given otherwise; 3: what is in the file could not be read, or nobody took it."""
    where = WHERE.fullmatch(args.to)
    if not NAME.fullmatch(args.name):
        return _wrong(f"--as '{args.name}': expected up to 40 letters, digits, blanks, '.', '_' or '-'")
    if where is None or not 0 < int(where[2]) < 1 << 16:
        return _wrong(f"--to '{args.to}': expected host:port, such as 127.0.0.1:2575")
    if not args.file.exists():
        return _wrong(f"{args.file}: there is no such file or folder")
    bridge = Bridge(args.file, args.name, Line(where[1].strip("[]"), int(where[2])))
    try:
        while True:
            reached = bridge.look()
            if args.once:
                return DONE if reached else NOT_SENT
            time.sleep(LOOKS_EVERY)
    except NoRecording as broken:
        _say(f"{bridge.open}: no recording of Vital Recorder, or broken {broken}; nothing behind it was sent")
        return NOT_SENT
    except OSError as problem:
        _say(f"{bridge.open or args.file}: {problem.strerror}")
        return NOT_SENT
    finally:
        bridge.line.close()


class Bridge:
    """From a file, or the newest of a folder, to the clinic."""

    def __init__(self, path: Path, name: str, line: Line) -> None:
        self.path, self.name, self.line = path, name, line
        self.open: Path | None = None
        self._begin()
        self._reached = True

    def look(self) -> bool:
        """Read what was written since, and send what is new of it. False: nobody took it."""
        path = _newest(self.path)
        if path is None:
            return False
        if path != self.open or path.stat().st_size < self._place:
            self.open = path
            self._begin()
            _say(f"following {path}")
        with path.open("rb") as file:
            file.seek(self._place)
            while more := file.read(PIECE):
                self._place += len(more)
                for one in self._recording.read(more):
                    self._newest.came(one)
        if new := self._newest.others - self._kept:
            self._kept |= new
            _say(f"not sent, because it means nothing that is watched: {', '.join(sorted(new))}")
        return self._send()

    def _send(self) -> bool:
        due = self._newest.due()
        if not due:
            return False
        at = datetime.now(UTC)
        self.line.send([message(due, device=self.name, at=at, control=f"{at.timestamp() * 1000:.0f}")])
        answers = self.line.answers()
        reached = bool(answers) and all(b"MSA|AA|" in one for one in answers)
        if reached:
            self._newest.sent(due)
        if reached != self._reached:
            where = f"{self.line.host}:{self.line.port}"
            _say(f"{where} takes it again" if reached else f"{where} {'refused it' if answers else 'does not answer'}")
        self._reached = reached
        return reached

    def _begin(self) -> None:
        self._place = 0
        self._recording, self._newest, self._kept = Recording(), Newest(), set[str]()


def _newest(path: Path) -> Path | None:
    """The file itself; of a folder, the .vital file that was written last."""
    if not path.is_dir():
        return path
    return max(path.glob("*.vital"), key=lambda one: one.stat().st_mtime, default=None)


def _say(text: str) -> None:
    print(f"daybreak bridge: {text}", file=sys.stderr, flush=True)


def _wrong(text: str) -> int:
    _say(text)
    return WRONG_USAGE
