"""What does the text board say about the few synthetic patients that need no clinic? (`daybreak demo --board`)"""

from __future__ import annotations

import json
from pathlib import Path

from daybreak.cli.board import board
from daybreak.clinical.records import AsOf
from daybreak.demo.people import AS_OF, records, shows
from daybreak.exchange.fhir import charts
from daybreak.knowledge.protocols import payer, payer_ids, protocol, protocol_ids
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.terms import terms


def write(folder: Path, *, copies: int) -> None:
    """Write the records into the folder, one bundle each; so many copies of each, under ids of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    written = records(copies)
    for record in written:
        (folder / f"{record.id}.json").write_text(json.dumps(record.bundle(), indent=1), encoding="utf-8")
    print(f"{len(written)} records in {folder}; try: daybreak screen {folder} --as-of {AS_OF}")


def show(language: Language) -> None:
    """Print the board of each, by every protocol."""
    as_of = AsOf(AS_OF)
    protocols = [protocol(id_, as_of=AS_OF) for id_ in protocol_ids()]
    payers = [payer(id_, as_of=AS_OF) for id_ in payer_ids()]
    for record in records():
        print(f"{record.id}: {shows(record.id, language.language)}")
        for chart in charts(record.bundle(), terms=terms(), place=record.id):
            print(board(chart, protocols, payers=payers, as_of=as_of, language=language), end="")
