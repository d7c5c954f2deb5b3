"""With which settings does the measured server run? Those of the clinic, with one page added."""

from __future__ import annotations

from daybreak.web.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.pages_urls"
