"""See what became of the notices, send a test, or name the mail server and the gateway for texts by which they leave.

A notice says that something waits and nothing about anybody. Without a mail server each is a file in the folder outbox of
the clinic's folder. The password of the mail server is asked for, or taken from DAYBREAK_SMTP_PASSWORD; it is kept beside the
clinic's other secrets.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import Any

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """examples:
  daybreak outbox list
  daybreak outbox smtp mail.example.org --starttls --user clinic --from daybreak@example.org
  daybreak outbox texts texts.example.org
  daybreak outbox test l.moss@example.org"""

NOT_SENT = 3
PORTS = {"tls": 465, "starttls": 587, "": 25}
SHOWN = 50


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak outbox` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="list|test|smtp|texts")
    does.add_parser("list", help="the last notices, and what became of each")
    does.add_parser("test", help="send one now, and say what happened").add_argument("address")
    smtp = does.add_parser("smtp", help="from now on notices leave by this mail server")
    smtp.add_argument("host")
    smtp.add_argument("--port", type=int, help="465 with --tls, 587 with --starttls, else 25")
    smtp.add_argument("--user", default="", help="the account; without it nobody signs in")
    smtp.add_argument(
        "--from", dest="sender", metavar="ADDRESS", required=True, help="the address that notices come from"
    )
    how = smtp.add_mutually_exclusive_group()
    how.add_argument("--tls", dest="tls", action="store_const", const="tls", default="", help="TLS from the beginning")
    how.add_argument("--starttls", dest="tls", action="store_const", const="starttls", help="TLS by STARTTLS")
    smtp.add_argument("--trusts", type=Path, metavar="FILE", help="PEM file, when the certificate is one of your own")

    texts = does.add_parser("texts", help="from now on patients who agreed get texts on their phones")
    way = texts.add_mutually_exclusive_group(required=True)
    way.add_argument("gateway", nargs="?", default="", help="the domain that makes a text of a mail to NUMBER@DOMAIN")
    way.add_argument(
        "--files", action="store_true", help="put them into the folder outbox, for a program that sends them"
    )


def run(args: Namespace) -> int:
    """0: done; 2: something has to be given otherwise; 3: the test did not leave."""
    return in_the_clinic(
        "outbox", lambda: {"list": _list, "test": _test, "smtp": _smtp, "texts": _texts}[args.does](args)
    )


def _list(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.web.outbox import queries
    from daybreak.web.words import word

    for message in queries.newest(SHOWN):
        known = queries.tries(message)
        ended = queries.result(known[-1]) if known else None
        became = "waits" if not known else "no result" if ended is None else ended.outcome
        why = f": {word(ended.error, 'en')}" if ended and ended.error else ""
        print(f"{message.created:%Y-%m-%d %H:%M:%S} UTC  {_whom(message)}  {message.channel}  {became}{why}")
    late = len(queries.stuck(at=datetime.now(UTC)))
    print(f"{late} could not be sent for long" if late else "nothing is held up")
    return DONE


def _whom(message: Any) -> str:
    """Who works here by name; of a patient and of people outside only that it is one."""
    if message.person:
        return str(message.person.login)
    return "somebody outside" if message.outsider_id else "a patient"


def _test(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.web.outbox import actions, channels, delivery
    from daybreak.web.words import word

    actions.check(args.address)
    try:
        left = delivery.try_out(args.address, at=datetime.now(UTC))
    except channels.NotSent as problem:
        print(f"daybreak outbox: {word(problem.error, 'en')}", file=sys.stderr)
        return NOT_SENT
    print(left)
    return DONE


def _smtp(args: Namespace) -> int:
    from daybreak.web.key_file import keep_mail
    from daybreak.web.place import Mail

    password = os.environ.get("DAYBREAK_SMTP_PASSWORD") if args.user else ""
    mail = Mail(
        host=args.host,
        port=args.port or PORTS[args.tls],
        sender=args.sender,
        tls=args.tls,
        user=args.user,
        password=getpass(f"Password of {args.user} at {args.host}: ") if password is None else password,
        trusts=str(args.trusts.absolute()) if args.trusts else "",
    )
    keep_mail(mail)
    print("Kept. Start daybreak serve again, and try it: daybreak outbox test ADDRESS")
    return DONE


def _texts(args: Namespace) -> int:
    from daybreak.web.key_file import keep_texts
    from daybreak.web.place import current

    texts = keep_texts(args.gateway)
    print(
        "Kept. Start daybreak serve again. The gateway brings what people text by a POST of the fields id, from and text to"
    )
    print(f"{current().public_url.rstrip('/')}/texts/ with this header, which is shown only now:")
    print(f"Authorization: Bearer {texts.secret}")
    return DONE
