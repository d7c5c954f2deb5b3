"""In which words may a scale be shown here? Those that everybody may show, and those that the clinic holds a licence for.

The clinic's own stand in `wordings` in its folder, one file `SCALE.LANGUAGE.yaml` of the same form as ours, read once in a
process. A file that is not valid is left out, and the log says which and why.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from daybreak.knowledge import scales
from daybreak.knowledge.store import loaded
from daybreak.knowledge.validate import Invalid, validated
from daybreak.web.words import known

log = logging.getLogger(__name__)


def exists(scale: str) -> bool:
    """Is there any wording of that scale?"""
    return f"{scale}.en" in every()


def wording(scale: str, language: str) -> Mapping[str, Any]:
    """The words in that language, else in English. LookupError: none may be shown."""
    found = every().get(f"{scale}.{known(language).lower()}") or every().get(f"{scale}.en")
    if found is None:
        raise LookupError(scale)
    return found  # type: ignore[no-any-return]


def every() -> Mapping[str, Any]:
    """By scale and language; the clinic's own before ours."""
    return {**loaded("wordings"), **own(settings.WORDINGS)}


@lru_cache(maxsize=4)
def own(folder: Path) -> Mapping[str, Any]:
    """The valid files of that folder; each that is not is named in the log with its sentence."""
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            made = validated("wordings", {path.stem: path})[path.stem]
        except Invalid as invalid:
            wrong.append(f"{path.name}: {invalid}")
            continue
        if problem := _misfit(path.stem, made):
            wrong.append(f"{path.name}: {problem}")
        else:
            found[path.stem] = made
    for name in [name for name in found if f"{name.partition('.')[0]}.en" not in {*found, *loaded("wordings")}]:
        wrong.append(f"{name}.yaml: there is no English wording of this scale; add it first.")
        del found[name]
    for sentence in wrong:
        log.warning("A wording is left out. %s", sentence)
    return found


def _misfit(name: str, made: Mapping[str, Any]) -> str:
    if name != f"{made['scale']}.{made['language'].lower()}":
        return f"it is about {made['scale']} in {made['language']}; name it {made['scale']}.{made['language'].lower()}.yaml."
    if made["scale"] not in scales.ids():
        return f"there is no scale {made['scale']!r}; known are {', '.join(scales.ids())}."
    sizes = [len(points) or len(("yes", "no")) for points in scales.scale(made["scale"]).items]
    given = [len(one) for one in made["anchors"]] or [len(made["answers"])] * len(made["items"])
    if len(made["items"]) != len(sizes):
        return f"it has {len(made['items'])} items, the scale {len(sizes)}."
    wrong = [n for n, (has, needs) in enumerate(zip(given, sizes, strict=True), 1) if has not in (0, needs)]
    return f"items {wrong} do not have as many answers as the scale." if wrong else ""
