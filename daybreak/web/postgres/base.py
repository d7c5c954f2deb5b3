"""Is the connection that was kept from the last page still open?"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, except for that question: Django sends one to the server and waits, before each page.

    A server that ends a connection says so, and that stands at our door: only when something does, it is asked.
    """

    connection: Any

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        door = select.poll()  # any number of files may be open
        door.register(self.connection.pgconn.socket, select.POLLIN)
        return not door.poll(0) or bool(super().is_usable())
