"""Is half a year signed once, of volunteers, without a small count, and does each of them see it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daybreak.cli import registry_sites
from daybreak.cli.main import main
from daybreak.exchange.signed import verify
from daybreak.outcomes.cells import FEW
from daybreak.web import start
from daybreak.web.audit.models import Entry
from daybreak.web.audit.readers import readers
from daybreak.web.registry import signing
from tests.web.adverse.test_rates import ended
from tests.web.consent.samples import REGISTRY, signed
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "ended", "noon", "nurse", "patient", "session", "watched"]


def test_half_a_year_is_signed_once(ended, patient, site, doctor, nurse, tmp_path, monkeypatch, capsys) -> None:
    signed(patient, doctor, REGISTRY, at=ended)
    half = f"{ended.year}-{1 if ended.month < 7 else 2}"
    over = datetime(ended.year + 1, 1, 9, tzinfo=UTC)
    now = [ended]
    monkeypatch.setattr(start, "begin", lambda: None)
    monkeypatch.setattr(registry_sites, "read", lambda sites: now[0])
    out = tmp_path / "summary.json"

    def summary(*more: str, by: str = doctor.login, file=out, of: str = half) -> int:
        told = ["--half", of, "--by", by, "--site", site.name]
        return main(["registry", "summary", str(file), *told, *more])

    assert summary() == 0
    assert "counts of 1 people. Nothing was written; to sign them: --people 1" in capsys.readouterr().out
    assert summary("--people", "1") == 2
    assert "is not over" in capsys.readouterr().err
    now[0] = over
    assert (summary("--people", "1", by=nurse.login), summary("--people", "3"), summary(of="2026-3")) == (2, 2, 2)
    assert summary("--people", "1", file=tmp_path / "none" / "x.json") == 2
    assert (list(tmp_path.iterdir()), Entry.objects.filter(action="registry_counted").exists()) == ([], False)
    assert summary("--people", "1") == 0
    told = verify(out.read_bytes(), at=over + timedelta(days=30), what="summary")
    assert (told.holds, told.site, told.document["site"]) == (True, site.name, site.name)
    assert {one["total"] for one in told.document["populations"].values()} == {FEW}
    assert not verify(out.read_bytes(), at=over + timedelta(days=366), what="summary").holds
    capsys.readouterr()
    assert (summary("--people", "1", file=tmp_path / "second.json"), summary("--people", "1")) == (2, 2)
    said = capsys.readouterr().err
    assert "was signed before" in said
    assert "is there already" in said
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
    seen = [did for one in readers(patient.id, "en").rows for did in one.did]
    assert "counted it among others for a registry, as you had agreed · 1×" in seen
    _, counts = signing.counted(site, *signing.half(ended.year, int(half[-1])), at=over)
    assert (counts["treatments"]["route"]["nasal"], sum(counts["treatments"]["harm"].values())) == (1, 1)
    assert counts["people"]["sex"]["female"] == 1
