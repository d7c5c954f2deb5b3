"""Where do browsers knock, and is a place that is taken left alone?"""

from __future__ import annotations

import builtins
import signal
import socket

import pytest
import uvicorn

from daybreak.web import serve
from daybreak.web.bedside.door import Door
from daybreak.web.cockpit.stream import Boards
from daybreak.web.place import NotReady
from daybreak.web.serve import Listening, doors


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_each_process_has_its_door_and_every_browser_finds_one(host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    opened = doors(Listening(host=host, port=port, workers=3))
    browsers = [socket.create_connection((host, port), timeout=5) for _ in range(60)]
    came = []
    for door in opened:
        door.setblocking(False)
        came.append(0)
        while True:
            try:
                door.accept()[0].close()
            except BlockingIOError:
                break
            came[-1] += 1
    for one in [*browsers, *opened]:
        one.close()
    assert sum(came) == 60
    assert min(came) > 0, "dealt out; not one in 10,000,000,000 runs leaves a door out"


@pytest.mark.parametrize("shares", [False, True])
def test_a_place_where_something_listens_is_refused_by_name(shares) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=shares) as there:
        port = there.getsockname()[1]
        with pytest.raises(NotReady, match=rf"cannot listen on 127\.0\.0\.1, port {port} .*--bind HOST:PORT"):
            doors(Listening(port=port))


def test_told_to_stop_while_its_program_is_still_being_read_a_process_imports_nothing(monkeypatch) -> None:
    boards = Boards()
    server = serve._Server(uvicorn.Config("no:matter"), boards=boards)

    def half_read(*_: object, **__: object) -> None:
        raise ImportError("partially initialized module")

    with monkeypatch.context() as held:
        held.setattr(builtins, "__import__", half_read)
        server.handle_exit(signal.SIGTERM, None)
    assert (server.should_exit, boards.stopping) == (True, True)


def test_devices_are_not_listened_to_where_something_listens_already() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        with pytest.raises(NotReady, match=rf"for devices on 127\.0\.0\.1, port {port} .*--mllp HOST:PORT"):
            serve._opened(Door(port=port))
    with serve._opened(Door(port=port)), pytest.raises(NotReady, match=f"port {port}"):
        serve._opened(Door(port=port))  # nobody takes its place while the listener is started again
    with pytest.raises(NotReady, match="--mllp-from"):
        serve._opened(Door(host="0.0.0.0", port=port))
