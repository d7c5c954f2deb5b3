"""Where is the browser of the tests? Named by `DAYBREAK_CHROMIUM`, else installed on this machine; no test downloads one.

`python -m tests.browser.chromium` ends `make test`: without a browser it says so and fails, unless `ALLOW_NO_BROWSER=1`.
"""

from __future__ import annotations

import os
import shutil
import sys

# First the one without windows: opening and closing one costs the others about a second of a core, a journey opens many.
NAMES = ("chromium-headless-shell", "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
# It speaks to nobody but the clinic, and needs no rights of its own.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=OptimizationHints,Translate",
)


def found() -> str | None:
    """The program, or None. An error when the one that was named is not there."""
    if named := os.environ.get("DAYBREAK_CHROMIUM"):
        if shutil.which(named) is None:
            raise FileNotFoundError(f"DAYBREAK_CHROMIUM is {named!r}, which is no program: name Chromium or unset it")
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def arguments(*, port: int, certificate: str) -> list[str]:
    """With which Chromium reaches the clinic by its own name and trusts its certificate, and nothing else."""
    return [
        *QUIET,
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        f"--host-resolver-rules=MAP clinic.example.org:443 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={certificate}",
    ]


def main() -> int:
    """0 when the browser was there or nobody minds."""
    if found():
        return 0
    allowed = os.environ.get("ALLOW_NO_BROWSER") == "1"
    if not allowed:
        why = "Install chromium-headless-shell and fonts-noto-cjk, or name the browser in DAYBREAK_CHROMIUM,"
        print(why, "or set ALLOW_NO_BROWSER=1.", file=sys.stderr)
    print("BROWSER NOT TESTED", file=sys.stderr)
    return 0 if allowed else 1


if __name__ == "__main__":
    sys.exit(main())
