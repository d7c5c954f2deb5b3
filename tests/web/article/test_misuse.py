"""Is a sign of misuse asked about before it means anything, and does only more than one propose to talk?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from daybreak.web import ids, zones
from daybreak.web.tasks.models import Task
from tests.web.article.points import journeys, page, plain
from tests.web.conftest import signed_in
from tests.web.courses.conftest import doctor, patient

__all__ = ["doctor", "patient"]
ASK, TALK, NOTHING = (
    "Somebody has to ask first what else it comes of",
    "A conversation is proposed",
    "Nothing here proposes",
)


class Review:
    """The page on which signs are written down and looked at."""

    def __init__(self, patient, site, by) -> None:
        self.client, self.address, self.site = signed_in(by), f"/patients/{patient.id}/use/", site

    def text(self) -> str:
        return page(self.client, self.address)

    def sends(self, **told: str) -> None:
        sent = {"site": str(self.site.id), "key": str(ids.new()), **told}
        answer = self.client.post(self.address, sent, secure=True)
        assert answer.status_code == 302, plain(answer.content.decode())

    def saw(self, sign: str, explanation: str = "") -> None:
        day = zones.day(datetime.now(UTC), self.site.zone).isoformat()
        self.sends(do="sign", sign=sign, day=day, explanation=explanation, text="")


def one_sign(name: str, words: str):
    def goes(review: Review, patient) -> None:
        """One is asked about first; with what else it comes of it proposes nothing."""
        assert ASK not in review.text()
        review.saw(name)
        text = review.text()
        asked = text.split(ASK)[1].split("</ul>")[0]
        assert words in plain(asked)
        (about,) = set(re.findall(r'name="about" value="([^"]+)"', text))
        review.sends(do="explain", about=about, explanation="illness", text="")
        text = review.text()
        assert ASK not in text
        assert "Comes of: An illness" in plain(text)
        assert NOTHING in text
        assert not Task.objects.filter(patient=patient, what="misuse.task").exists()

    return goes


def addiction(review: Review, patient) -> None:
    """Two that nothing explains propose that a prescriber talks with the patient, and judge nobody."""
    review.saw("early", "none")
    assert NOTHING in review.text()
    review.saw("more", "none")
    text = review.text()
    assert TALK in text
    assert "never a judgement about the patient" in text
    assert Task.objects.get(patient=patient, what="misuse.task").role == "prescriber"


@journeys(
    14,
    {
        "addiction": addiction,
        "cough": one_sign("cough", "A cough that does not go away"),
        "nose": one_sign("nose", "Nose bleeds or a runny nose"),
        "skin": one_sign("skin", "Wounds of the skin or marks of needles"),
        "habits": one_sign("habits", "Sleeping, eating or washing otherwise than before"),
        "pain": one_sign("pain", "Less response to pain"),
        "pupils": one_sign("pupils", "Wide pupils"),
        "saliva": one_sign("saliva", "More saliva and tears"),
        "sleepy": one_sign("sleepy", "Very sleepy"),
        "speech": one_sign("speech", "Slurred speech"),
        "muscles": one_sign("muscles", "Rigid muscles"),
        "eyes": one_sign("eyes", "Eyes that move fast and by themselves"),
    },
)
def test_a_sign_is_a_reason_to_ask(patient, site, doctor, case) -> None:
    case(Review(patient, site, doctor), patient)
