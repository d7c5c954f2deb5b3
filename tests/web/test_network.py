"""Does the clinic call nobody?"""

from __future__ import annotations

import pytest

from tests.house.test_import_law import imported
from tests.house.test_trust import NETWORK, _is_within
from tests.house.tree import modules

# They run in uvicorn's loop, and open nothing in it; the second makes the doors at which browsers knock.
ALLOWED = {"daybreak/web/asgi.py": {"asyncio"}, "daybreak/web/serve.py": {"asyncio", "socket"}}


@pytest.mark.parametrize("path", modules("daybreak/web"))
def test_no_module_of_ours_speaks_to_the_network(path: str) -> None:
    """Only Django's driver of the database does, uvicorn, which listens, and the outbox to the mail server that it is given."""
    if path == "daybreak/web/outbox/channels.py":
        return
    allowed = ALLOWED.get(path, set())
    used = {name for name in imported(modules("daybreak/web")[path], path=path) if _is_within(name, NETWORK)}
    assert used <= allowed
