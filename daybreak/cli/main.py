"""Which command was meant? Only the module of that command is imported, so that each starts as fast as it can."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import daybreak

COMMANDS = {
    "score": "score answers to a rating scale",
    "stage": "judge antidepressant trials and stage treatment resistance",
    "dose": "work a dose out, and say what speaks against it",
    "kinetics": "show how much of a drug would be in the blood, by published models",
    "screen": "read FHIR records and decide about TRD and treatment",
    "knowledge": "check, list, show or compare the facts that Daybreak decides with",
    "demo": "run a made-up clinic on this machine, with sixty synthetic patients",
    "setup": "set up a clinic: database, secrets, first administrator",
    "users": "list, invite or disable the people of the clinic",
    "import": "bring a folder of FHIR records into the clinic",
    "serve": "run the clinic: its pages and its clock",
    "bridge": "send on what Vital Recorder records of a monitor",
    "keys": "list the keys of the clinic, or make a new one for a purpose",
    "papers": "check whether a file is a paper that this clinic made",
    "outbox": "see what became of the notices, send a test, name the mail server",
    "card": "check what the signature of a clinic card proves",
    "audit": "check that nobody changed the audit trail",
    "adverse": "say how often there were adverse events, as JSON or CSV",
    "registry": "count how treatments went, take the tables along, or pool what several clinics tell",
    "cupboard": "check that nobody changed the books of the cupboards",
}

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when all was done, 2 for wrong usage, 3 when some input could not be read."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        return _run(words[0], words[1:])
    return _overview(words)


def _run(name: str, words: list[str]) -> int:
    command = importlib.import_module(f"daybreak.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"daybreak {name}",
        description=command.__doc__,
        epilog=command.EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.arguments(parser)
    args = parser.parse_args(words)
    try:
        code: int = command.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130


def _overview(words: list[str]) -> int:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="daybreak",
        description=daybreak.__doc__,
        epilog="commands:\n" + "\n".join(lines) + "\n\n'daybreak COMMAND --help' shows how, with an example.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"daybreak {daybreak.__version__}")
    parser.add_argument("command", metavar="COMMAND", choices=list(COMMANDS))
    if not words:
        parser.print_help()
        return WRONG_USAGE
    parser.parse_args(words)
    return WRONG_USAGE
