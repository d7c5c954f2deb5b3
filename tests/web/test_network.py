"""Does the clinic call nobody?"""

from __future__ import annotations

from tests.house.test_import_law import imported
from tests.house.test_trust import NETWORK, _is_within
from tests.house.tree import modules

# They run in uvicorn's loop, and open nothing in it; the last makes the doors at which browsers knock. The listener of monitors
# has a loop of its own on the door that it is given, and calls nobody either.
ALLOWED = {
    "daybreak/web/asgi.py": {"asyncio"},
    "daybreak/web/bedside/line.py": {"socket"},
    "daybreak/web/bedside/listener.py": {"asyncio", "socket", "ssl"},
    "daybreak/web/cockpit/stream.py": {"asyncio"},
    "daybreak/web/serve.py": {"asyncio", "socket"},
}


def test_no_module_of_ours_speaks_to_the_network() -> None:
    """Only Django's driver of the database does, uvicorn, which listens, the outbox to the mail server that it is given, and the
    line of a device to whoever listens for it."""
    for path, module in modules("daybreak/web").items():
        if path != "daybreak/web/outbox/channels.py":
            used = {name for name in imported(module, path=path) if _is_within(name, NETWORK)}
            assert used <= ALLOWED.get(path, set()), path
