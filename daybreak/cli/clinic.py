"""How does a command that needs the clinic end when the clinic is not ready?"""

from __future__ import annotations

import sys
from collections.abc import Callable

DONE, WRONG_USAGE = 0, 2


def in_the_clinic(name: str, work: Callable[[], int]) -> int:
    """Do it; when somebody has to do something first, say what, and end with 2."""
    try:
        from daybreak.web.place import NotReady
        from daybreak.web.refusals import Refused
    except ModuleNotFoundError as missing:
        print(
            f"daybreak {name}: {missing}. The clinic needs more packages: pip install 'daybreak[web]'", file=sys.stderr
        )
        return WRONG_USAGE
    try:
        return work()
    except (NotReady, Refused) as problem:
        print(f"daybreak {name}: {problem}", file=sys.stderr)
        return WRONG_USAGE
