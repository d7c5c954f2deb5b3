"""List the people of the clinic, invite one, make a new link for one, or end all of somebody's roles.

The commands are for whoever runs the clinic's machine; each leaves its line in the audit trail.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """examples:
  daybreak users list
  daybreak users invite l.moss --name "Lee Moss" --role nurse --site "Main Street"
  daybreak users grant l.moss --role evaluator --site "Main Street"
  daybreak users link l.moss
  daybreak users disable l.moss"""

ROLES = ("prescriber", "nurse", "evaluator", "front_desk", "pharmacist", "researcher", "administrator")


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak users` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="list|invite|grant|link|disable")
    does.add_parser("list", help="everybody, with the roles they hold now")
    invite = does.add_parser("invite", help="add a person and print the link by which they come in")
    invite.add_argument("login", help="the name they will sign in with")
    invite.add_argument("--name", required=True, help="their name as others see it")
    invite.add_argument("--role", choices=ROLES, action="append", required=True, help="may be given more than once")
    invite.add_argument("--site", required=True, help="the site at which they hold it")
    invite.add_argument("--lang", choices=("en", "zh-Hans"), default="en", help="their language")
    grant = does.add_parser("grant", help="a further role for somebody who is here already")
    grant.add_argument("login")
    grant.add_argument("--role", choices=ROLES, required=True)
    grant.add_argument("--site", required=True, help="the site at which they hold it")
    for name, what in (("link", "a new link for somebody who lost password or phone"), ("disable", "end every role")):
        does.add_parser(name, help=what).add_argument("login")


def run(args: Namespace) -> int:
    """0: done; 2: refused, with the reason."""
    return in_the_clinic("users", lambda: _run(args))


def _run(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.web import ids
    from daybreak.web.links.tokens import address
    from daybreak.web.people import actions, queries
    from daybreak.web.people import grants as roles_given
    from daybreak.web.people.roles import Role

    now = datetime.now(UTC)
    if args.does == "list":
        for person in queries.people():
            grants = queries.grants_in_force(person, at=now)
            roles = ", ".join(f"{grant.role} at {grant.site.name}" for grant in grants)
            print(f"{person.login}  {person.display_name}  {roles or 'no role: cannot sign in'}")
        return DONE
    if args.does == "disable":
        roles_given.disable(queries.person(args.login), by=None, at=now)
        print(f"{args.login} holds no role any more. An open session ends with its next request.")
        return DONE
    if args.does == "grant":
        roles_given.grant_role(
            queries.person(args.login), Role(args.role), site=queries.site(args.site), by=None, at=now
        )
        print(f"{args.login} is {args.role} at {args.site} from now on.")
        return DONE
    if args.does == "link":
        link = actions.renew_access(queries.person(args.login), by=None, at=now)
    else:
        link = actions.invite(
            login=args.login,
            display_name=args.name,
            language=args.lang,
            roles=[Role(role) for role in args.role],
            site=queries.site(args.site),
            by=None,
            at=now,
            key=ids.new(),
        )
    print(f"For {args.login} alone, once, until {link.expires:%Y-%m-%d %H:%M} UTC:\n{address(link)}")
    return DONE
