"""What do people at the clinic do for one patient of the demo, on which day, with which of the real actions?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import MET
from daybreak.clinical.records import Chart, Coverage, Episode, Exposure, Observation, When, on
from daybreak.demo.story import (
    AGREE,
    CONFIRM,
    EPISODE,
    EXCEPT,
    NOT_YET,
    REVIEW,
    SECOND,
    TAKE_BACK,
    TREAT,
    WEIGH,
    WITHDRAW,
    Act,
    Story,
)
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.patients import actions, imports, kinds, queries, records, weights
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.kinds import Kind, Record
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.patients.register import LookAlike, register
from daybreak.web.people.models import Person, Site
from daybreak.web.screening import actions as signing
from daybreak.web.screening import exceptions
from daybreak.web.screening.judging import Judged, judge
from daybreak.web.screening.models import Override, Snapshot

# Minutes of the day: the desk in the morning, readings before noon, signatures in the afternoon.
AT_THE_DESK, ARRIVES, IN_THE_MORNING, AT_NOON, SIGNING = 510, 540, 570, 720, 900
SOURCES = ("Letter of the family doctor", "Export of the hospital", "Practice of the former psychiatrist")
NO_OBSTACLE = "They want to think it over."
Step = Callable[[datetime], None]


class Visits:
    """Everything that is done for one patient; `steps` says what and when."""

    def __init__(self, story: Story, *, site: Site, workers: dict[str, Person]) -> None:
        self.story, self.site, self._workers = story, site, workers
        self.patient: Patient
        team = story.team
        self.prescriber, self.nurse = workers[team.prescriber.login], workers[team.nurse.login]

    def steps(self) -> Iterator[tuple[int, int, Step]]:
        """Days ago, minute of that day, and what is done then; not everybody comes at the same minute."""
        later = int(self.story.number[2:]) % 50
        for ago, minute, step in self._steps():
            yield ago, minute + later, step

    def _steps(self) -> Iterator[tuple[int, int, Step]]:
        yield self.story.known_for, AT_THE_DESK, self.register
        if self.story.record.referral():
            yield self.story.known_for, ARRIVES, self.bring
        readings: dict[int, list[Record]] = defaultdict(list)
        reviews: dict[int, list[Coverage]] = defaultdict(list)
        for record in self._recorded_here():
            if isinstance(record, Coverage):
                reviews[self._ago(record.reviewed_on)].append(record)
            else:
                span = kinds.when(record)
                ago = self._ago(span.earliest) if isinstance(span, When) else self.story.known_for
                readings[min(ago, self.story.known_for)].append(record)
        for ago, found in readings.items():
            yield ago, IN_THE_MORNING, lambda at, found=found: self.write_down(found, at)  # type: ignore[misc]
        for ago, told in reviews.items():
            yield ago, AT_NOON, lambda at, told=told: self.review(told, at)  # type: ignore[misc]
        for minute, act in enumerate(self.story.acts, SIGNING):
            yield act.ago, minute, lambda at, act=act: DOES[act.does](self, act, at)  # type: ignore[misc]

    def register(self, at: datetime) -> None:
        """The front desk writes down who it is; who looks alike is somebody else."""
        who = self.story.who
        identity = Identity(who.family, who.given, self.story.birth, who.sex, who.language, who.needs)
        desk = self._workers[self.story.team.desk.login]
        told: dict[str, Any] = {"number": self.story.number, "site": self.site, "by": desk, "at": at, "key": ids.new()}
        try:
            self.patient = register(identity, not_these=(), **told)
        except LookAlike as alike:
            others = {one.details.patient_id for one in alike.found}
            self.patient = register(identity, not_these=others, **told)

    def bring(self, at: datetime) -> None:
        """The referral is imported."""
        content = json.dumps(self.story.record.referral(), ensure_ascii=False).encode()
        source = SOURCES[int(self.story.number[2:]) % len(SOURCES)]
        document = imports.keep(self.patient, content, source=source, by=self.prescriber, at=at)
        imports.add(self.patient, document, same_person=False, by=self.prescriber, at=at, key=ids.new())

    def write_down(self, found: list[Record], at: datetime) -> None:
        """The nurse enters what was measured and answered."""
        for record in found:
            actions.add(self.patient, record, by=self.nurse, at=at, key=ids.new())

    def review(self, told: list[Coverage], at: datetime) -> None:
        """The prescriber signs for the parts of the history that the whole record says were reviewed."""
        self._review([one.domain for one in told], at)

    def go_through(self, act: Act, at: datetime) -> None:
        """The prescriber signs for one part more."""
        self._review([act.text], at)

    def _review(self, domains: list[str], at: datetime) -> None:
        actions.review(
            self.patient,
            domains,
            on=at.date(),
            seen=queries.state(self.patient),
            by=self.prescriber,
            at=at,
            key=ids.new(),
        )

    def confirm(self, act: Act, at: datetime) -> None:
        """The prescriber goes through the imported medicines and answers for each."""
        for entry in self._entries(Kind.EXPOSURE):
            self._correct(entry, lambda record: record, at, action="confirmed")

    def episode(self, act: Act, at: datetime) -> None:
        """Since when, and how severe."""
        began = on(at.date() - timedelta(days=int(act.value) - act.ago))
        actions.add(self.patient, Episode("", began, act.text), by=self.prescriber, at=at, key=ids.new())

    def weigh(self, act: Act, at: datetime) -> None:
        """A weight; a second one is the correction of the first."""
        value = Decimal(act.value)
        for entry in self._entries(Kind.OBSERVATION):
            if records.record(entry).kind == weights.WEIGHT:  # type: ignore[union-attr]
                self._correct(entry, lambda record: replace(record, value=value), at)  # type: ignore[arg-type]
                return
        self.write_down([Observation("", weights.WEIGHT, value, on(at.date()), at)], at)

    def withdraw(self, act: Act, at: datetime) -> None:
        """An entry of somebody else is made, noticed, and taken out."""
        row = actions.add(
            self.patient,
            Exposure("", "warfarin", status="active"),
            by=self.nurse,
            at=at - timedelta(minutes=40),
            key=ids.new(),
        )
        actions.withdraw(row, reason=act.text, by=self.nurse, at=at, key=ids.new())

    def sign(self, act: Act, at: datetime) -> None:
        """The decision under one protocol, as the board shows it; a "not yet" names the first criterion that it waits for."""
        judged = judge(self.patient, self.site, at=at)
        waits_for = "" if act.does == TREAT else _open(judged, act.protocol)
        signing.sign(
            self.patient,
            site=self.site,
            protocol=act.protocol,
            outcome="treat" if act.does == TREAT else "not_yet",
            review_on=at.date() + timedelta(days=act.review_in) if act.does == NOT_YET else None,
            unmet=waits_for,
            condition="" if act.does == TREAT or waits_for else NO_OBSTACLE,
            seen=judged.seen,
            language=self.story.team.prescriber.language,
            by=self.prescriber,
            at=at,
            key=ids.new(),
        )

    def except_(self, act: Act, at: datetime) -> None:
        """The prescriber goes ahead in spite of one finding."""
        decision = judge(self.patient, self.site, at=at).decision(act.protocol)
        finding = exceptions.finding_of(decision, act.criterion) if decision else None
        if finding is None:
            raise LookupError(f"{self.story.number}: {act.protocol} has no finding {act.criterion}")
        signing.override(
            self.patient,
            site=self.site,
            protocol=act.protocol,
            criterion=act.criterion,
            seen=exceptions.evidence_digest(finding),
            code=act.code,
            reason=act.text,
            by=self.prescriber,
            at=at,
            key=ids.new(),
        )

    def second(self, act: Act, at: datetime) -> None:
        """Somebody else signs the exception too."""
        by = self._workers[self.story.team.second.login]
        signing.second(self._exception(act), by=by, at=at, key=ids.new())

    def agree(self, act: Act, at: datetime) -> None:
        """Somebody else signs the decision too."""
        rows = Snapshot.objects.filter(patient=self.patient, protocol=act.protocol).order_by("-id")
        by = self._workers[self.story.team.second.login]
        signing.second_decision(rows[0], by=by, at=at, key=ids.new())

    def take_back(self, act: Act, at: datetime) -> None:
        """The exception no longer stands."""
        signing.withdraw(self._exception(act), by=self.prescriber, at=at, key=ids.new())

    def _recorded_here(self) -> Iterator[Record]:
        """What the whole record says and the referral did not."""
        came = self.story.record.referral()
        told = {_named(one) for one in records.of_chart(_chart(came))} if came else set()
        for record in records.of_chart(_chart(self.story.record.bundle())):
            if kinds.KIND_OF[type(record)] is not Kind.PERSON and _named(record) not in told:
                yield record

    def _ago(self, day: date) -> int:
        return (self.story.today - day).days

    def _entries(self, kind: Kind) -> list[Entry]:
        return [one for one in records.current(self.patient) if one.kind == kind]

    def _correct(
        self, entry: Entry, make: Callable[[Record], Record], at: datetime, *, action: str = "corrected"
    ) -> None:
        actions.correct(entry, make, by=self.prescriber, at=at, key=ids.new(), action=action)

    def _exception(self, act: Act) -> Override:
        rows = Override.objects.filter(patient=self.patient, protocol=act.protocol, criterion=act.criterion)
        newest: Override = rows.order_by("-id")[0]
        return newest


DOES: dict[str, Callable[[Visits, Act, datetime], None]] = {
    CONFIRM: Visits.confirm,
    EPISODE: Visits.episode,
    REVIEW: Visits.go_through,
    WEIGH: Visits.weigh,
    WITHDRAW: Visits.withdraw,
    TREAT: Visits.sign,
    NOT_YET: Visits.sign,
    EXCEPT: Visits.except_,
    SECOND: Visits.second,
    AGREE: Visits.agree,
    TAKE_BACK: Visits.take_back,
}


def _chart(bundle: dict[str, Any]) -> Chart:
    return next(iter(charts(bundle, terms=terms(), place="demo")))


def _open(judged: Judged, protocol: str) -> str:
    """The first criterion that stands in the way or is not known."""
    decision = judged.decision(protocol)
    found = exceptions.screened(decision) if decision else []
    return next((f.criterion.name for f in found if f.answer.verdict is not MET), "")


def _named(record: Record) -> tuple[str, str, str]:
    return type(record).__name__, kinds.reference(record), kinds.aspect(record)
