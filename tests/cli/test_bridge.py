"""Does a recording that grows reach whoever listens, and is it said when nobody takes it?"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from daybreak.cli import bridge
from daybreak.cli.bridge import Bridge
from daybreak.cli.main import main
from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.measured import measured
from daybreak.web.bedside.line import END, START, Line
from tests.exchange.vital import bed, pressed, record


class Listener:
    """Somebody who takes messages, or refuses them."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.came: list[bytes] = []
        self.says = b"AA"
        self._thread = threading.Thread(target=self._serves, daemon=True)
        self._thread.start()

    def _serves(self) -> None:
        while True:
            try:
                caller, _ = self.server.accept()
            except OSError:
                return
            waiting = b""
            with caller:
                while data := caller.recv(4096):
                    *whole, waiting = (waiting + data).split(END)
                    for one in whole:
                        self.came.append(one.removeprefix(START))
                        caller.sendall(START + b"MSH|^~\\&|||||||ACK|1|P|2.6\rMSA|" + self.says + b"|1\r" + END)

    def told(self) -> list[dict[str, str]]:
        return [{one.sign: one.value for one in measured(read(each)[0])} for each in self.came]


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.close()


def test_what_is_written_is_sent_once_and_what_nobody_took_is_sent_again(tmp_path, listener, capsys) -> None:
    file = tmp_path / "one.vital"
    file.write_bytes(pressed(bed() + record(1, 71, 0) + record(2, 97, 0)))
    follows = Bridge(tmp_path, "Room 1", Line("127.0.0.1", listener.port))
    assert follows.look()
    assert not follows.look(), "nothing new"
    assert listener.told() == [{"heart_rate": "71", "spo2": "97"}]
    listener.says = b"AE"
    with file.open("ab") as more:
        more.write(pressed(record(1, 72, 1)))
    assert not follows.look()
    listener.says = b"AA"
    assert follows.look()
    assert listener.told()[1:] == [{"heart_rate": "72"}] * 2
    said = capsys.readouterr().err
    assert "refused it" in said
    assert "takes it again" in said
    newer = tmp_path / "two.vital"
    newer.write_bytes(pressed(bed() + record(1, 90, 2)))
    os.utime(newer, (2e9, 2e9))
    assert follows.look(), "a new case is a new file"
    assert listener.told()[-1] == {"heart_rate": "90"}
    follows.line.close()


def test_a_line_waits_for_each_answer_and_begins_anew_when_nobody_is_there() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    line, came = Line("127.0.0.1", server.getsockname()[1]), list[bytes]()

    def serves() -> None:
        for asked in (2, 1):
            caller, _ = server.accept()
            with caller:
                data = b""
                while data.count(END) < asked:
                    data += caller.recv(4096)
                came.extend(data.split(END)[:-1])
                caller.sendall((START + b"AA" + END) * asked)

    listens = threading.Thread(target=serves)
    listens.start()
    line.send([b"one", b"two"])
    assert line.answers() == [b"AA", b"AA"]
    line.send([b"lost"])
    assert line.answers() == [], "whoever listened went away"
    line.send([b"three"])
    assert line.answers() == [b"AA"]
    listens.join()
    server.close()
    line.close()
    assert came == [START + b"one", START + b"two", START + b"three"]


def test_the_command_says_what_it_needs_and_what_became_of_it(tmp_path: Path, listener: Listener, capsys) -> None:
    file = tmp_path / "one.vital"
    file.write_bytes(pressed(bed() + record(1, 71, 0)))
    where = f"127.0.0.1:{listener.port}"
    assert main(["bridge", str(file), "--as", "Room 1", "--to", where, "--once"]) == bridge.DONE
    for wrong in (["--as", "a|b"], ["--as", "Room 1", "--to", "nowhere"], ["--as", "Room 1", "--to", "here:99999"]):
        assert main(["bridge", str(file), *wrong, "--once"]) == bridge.WRONG_USAGE
    assert main(["bridge", str(tmp_path / "no.vital"), "--as", "Room 1"]) == bridge.WRONG_USAGE
    file.write_bytes(b"no recording")
    assert main(["bridge", str(file), "--as", "Room 1", "--to", where, "--once"]) == bridge.NOT_SENT
    assert "no recording of Vital Recorder" in capsys.readouterr().err
