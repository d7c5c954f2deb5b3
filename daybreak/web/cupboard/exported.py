"""In which files does somebody take the inventory or the losses along: a table for people, or data for another system?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from daybreak.web.tables import table
from daybreak.web.words import word

CSV, JSON = "text/csv; charset=utf-8", "application/json"
OURS = "cupboard."  # so the words of the columns begin; the fields of the data do not


def asked(
    request: HttpRequest,
    name: str,
    columns: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    unknown: Sequence[str] = (),
    about: Mapping[str, Any],
    language: str,
) -> HttpResponse | None:
    """The file that was asked for; None: a page was. `columns` are ids of words; `unknown` ones too: what the book does not
    hold, which stays empty in every line. `about`: what stands once, in the data alone."""
    wanted = request.GET.get("as")
    if wanted == "json":
        fields = [one.removeprefix(OURS) for one in columns]
        nothing = {one.removeprefix(OURS): None for one in unknown}
        rows = [dict(zip(fields, line, strict=True)) | nothing for line in lines]
        text = json.dumps({**about, "rows": rows, "not_in_the_book": list(nothing)}, ensure_ascii=False, indent=1)
        return _file(f"{name}.json", text, JSON)
    if wanted == "csv":
        heads = [word(one, language) for one in (*columns, *unknown)]
        return _file(f"{name}.csv", table(heads, [[*line, *("" for _ in unknown)] for line in lines]), CSV)
    return None


def _file(name: str, text: str, media_type: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
