"""Which charts stand in these files?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir.bundle import charts_and_problems
from daybreak.exchange.fhir.files import Source, sources, unreadable
from daybreak.exchange.fhir.json_reader import NotJson, parse
from daybreak.exchange.fhir.ndjson import charts_of_lines
from daybreak.knowledge.terms import Terms


def read(paths: Iterable[Path], *, terms: Terms) -> Iterator[Chart | Problem]:
    """Every patient of bundle files, folders and bulk NDJSON folders; what belongs to nobody is a `Problem`.

    Equal ids in two files are two charts and a problem: nobody here can tell whether they are one person.
    """
    every = list(sources(paths))
    several = sum(isinstance(source, Source) for source in every) > 1
    seen: dict[str, str] = {}
    for source in every:
        if isinstance(source, Problem):
            yield source
            continue
        for found in charts_of_lines(source.files, terms=terms) if source.lines else _bundle(source, terms):
            yield found
            if several and isinstance(found, Chart):
                first = seen.setdefault(found.patient.id, source.name)
                if first != source.name:
                    yield Problem(f"{source.name}#{found.patient.ref}", Reason("fhir.two-files", {"file": first}))


def _bundle(source: Source, terms: Terms) -> Iterator[Chart | Problem]:
    path = source.files[0]
    try:
        parsed = parse(path.read_bytes())
    except OSError as error:
        yield unreadable(path, error)
        return
    except NotJson as error:
        yield Problem(source.name, error.reason)
        return
    if parsed.flaws:
        first, more = parsed.flaws[:3], len(parsed.flaws) - 3
        said = Reason("fhir.flaws-more", {"flaws": first, "more": more}) if more > 0 else None
        yield Problem(source.name, said or Reason("fhir.flaws", {"flaws": first}))
    charts, problems = charts_and_problems(parsed.value, terms=terms, place=source.name)
    yield from charts
    yield from problems
