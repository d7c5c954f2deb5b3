"""How is a value of a clinical record written in JSON, and read back as it was?

Every value says what it is: `{"decimal": "0.50"}` comes back as it was, and "cannot be known" never as "not recorded".
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Reason, Term
from daybreak.clinical.records import Code, When


def plain(value: Any) -> Any:
    """A value of a record as JSON can hold it. Another type than a record has is a bug: TypeError."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if value is UNREADABLE:
        return {"unreadable": True}
    if isinstance(value, When):
        return {"days": [value.earliest.isoformat(), value.latest.isoformat()]}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):  # before `date`, which it also is
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Code):
        return {"code": [value.system, value.code, value.display]}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Reason):
        return {"reason": [value.id, {name: plain(one) for name, one in value.values.items()}]}
    if isinstance(value, Term):
        return {"term": value.id}
    if isinstance(value, tuple):
        return {"list": [plain(one) for one in value]}
    raise TypeError(f"a record holds a {type(value).__name__}; say in `plain` how it is written")


def value(plain: Any) -> Any:
    """The value back. What `plain` cannot have made raises ValueError, TypeError or ArithmeticError."""
    if not isinstance(plain, dict):
        return plain
    ((tag, inside),) = plain.items()
    match tag:
        case "unreadable":
            return UNREADABLE
        case "days":
            return When(*map(date.fromisoformat, inside))
        case "decimal":
            return Decimal(inside)
        case "instant":
            return datetime.fromisoformat(inside)
        case "day":
            return date.fromisoformat(inside)
        case "code":
            return Code(*inside)
        case "set":
            return frozenset(inside)
        case "reason":
            id, values = inside
            return Reason(id, {name: value(one) for name, one in values.items()})
        case "term":
            return Term(inside)
        case "list":
            return tuple(value(one) for one in inside)
    raise ValueError(
        f'an entry holds a value marked "{tag}", which nobody here knows. Update Daybreak on this machine.'
    )
