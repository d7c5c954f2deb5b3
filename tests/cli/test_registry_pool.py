"""Does `daybreak registry pool` use only what its clinics signed, and say whose keys it could not compare?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.cli.main import main
from daybreak.exchange.signed import fingerprint, seal
from tests.outcomes.test_together import summary


@pytest.fixture
def files(tmp_path):
    def write(site: str, *groups: int, about: str = "", days: int = 30) -> str:
        at = datetime.now(UTC) - timedelta(days=1)
        told = {"what": "summary", "site": site, "key_id": "1", "secret": f"a secret of {site}", "at": at}
        file = tmp_path / f"{site}.json"
        file.write_bytes(seal(summary(about or site, *groups), **told, until=at + timedelta(days=days)))
        return str(file)

    return write


def test_signed_files_are_pooled(files, capsys) -> None:
    paths = [files("Harbor", 80, 20), files("Hill", 150, 50)]
    assert main(["registry", "pool", *paths]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [one["group"] for one in told["measures"]] == ["none", "some"]
    assert "nobody outside has checked the records" in told["signed"][0]["says"]
    assert "compared with nothing" in err
    known = [word for site in ("Harbor", "Hill") for word in ("--fingerprint", fingerprint(f"a secret of {site}"))]
    assert main(["registry", "pool", *paths, *known]) == 0
    assert capsys.readouterr().err == ""
    assert main(["registry", "pool", *paths, *known[:2]]) == 3
    assert "Hill.json: unchanged since somebody signed it" in capsys.readouterr().err


def test_what_does_not_hold_is_named_and_nothing_is_pooled(files, capsys, tmp_path) -> None:
    good, old = files("Harbor", 80, 20), files("Hill", 80, 20, days=1)
    changed = tmp_path / "changed.json"
    changed.write_bytes((tmp_path / "Harbor.json").read_bytes().replace(b"80", b"88"))
    other = files("Lake", 80, 20, about="Harbor")
    code = main(["registry", "pool", good, old, str(changed), other, str(tmp_path / "none.json")])
    out, err = capsys.readouterr()
    assert (code, out) == (3, "")
    for said in ("held only until", "changed.json: changed since", "about another clinic", "none.json cannot be read"):
        assert said in err


def test_one_clinic_twice_is_refused(files, capsys, tmp_path) -> None:
    good = files("Harbor", 80, 20)
    assert main(["registry", "pool", good, good]) == 2
    assert "twice" in capsys.readouterr().err
