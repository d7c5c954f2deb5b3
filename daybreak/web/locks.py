"""How does an action make sure that nobody changes what it judges?

Every action goes the same way: lock the aggregate, permission, state, write, audit. PostgreSQL locks the row; SQLite
took the write lock when the transaction began.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

Model = TypeVar("Model", bound=models.Model)


def locked(model: type[Model], **which: Any) -> Model:
    """The one row, locked until the transaction ends. Raises `model.DoesNotExist`; outside a transaction it is a bug."""
    return model._default_manager.select_for_update().get(**which)
