"""What is answered to a device: taken (AA), not stored (AE), or nothing that is for us (AR)?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from daybreak.exchange.hl7.message import LINES, Separators

Code = Literal["AA", "AE", "AR"]
LONGEST = 199  # of what is repeated of somebody else's header
USUAL = Separators()


def answer(message: bytes, code: Code, *, id: str, at: datetime) -> bytes:
    """The acknowledgement, by the message's own separators where it has a header. It repeats nothing but the header's fields.

    `id`: of the answer itself; `at`: in UTC.
    """
    header = LINES.split(message.strip(b" \t\r\n\x00").decode("latin-1"), maxsplit=1)[0]
    field = header[3] if header.startswith("MSH") and len(header) > 4 and not header[3].isalnum() else USUAL.field
    told = header.split(field) if header.startswith(f"MSH{field}") else []
    told = [one[:LONGEST] for one in (*told, *[""] * 18)[:18]]
    parts = told[1] or f"{USUAL.component}{USUAL.repetition}{USUAL.escape}{USUAL.part}"
    component = parts[0]
    trigger = (*told[8].split(component), "")[1]
    kind = component.join(("ACK", trigger, "ACK")) if trigger else "ACK"
    ack = ["MSH", parts, told[4], told[5], told[2], told[3], f"{at:%Y%m%d%H%M%S}+0000", "", kind, id]
    ack += [told[10] or "P", told[11] or "2.6", "", "", "", "", "", told[17]]
    lines = [field.join(ack).rstrip(field), field.join(("MSA", code, told[9]))]
    return ("\r".join(lines) + "\r").encode("latin-1")
