"""How is a password hashed in tests? As in a clinic, with as little work as Argon2 allows."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """One pass over 8 KiB; a hash of the clinic's own hasher is still understood."""

    time_cost, memory_cost, parallelism = 1, 8, 1
