"""What may stand in the way of a dose, or make it less clear? One story for each."""

from __future__ import annotations

from daybreak.demo.depression import asked, depressed, resistant, worked_up
from daybreak.demo.people import CSSRS, CSSRS_NAME
from daybreak.demo.story import CONFIRM, Story


def drinking(s: Story) -> None:
    """Alcohol dependence now."""
    _with(s, ("F10.20", "Alcohol dependence, uncomplicated", 900))
    worked_up(s, alcohol=10)


def sober(s: Story) -> None:
    """Alcohol dependence, in remission for years."""
    _with(s, ("F10.21", "Alcohol dependence, in remission", 2500))
    worked_up(s, alcohol=0)


def positive_screen(s: Story) -> None:
    """No diagnosis, but a drug screen that says otherwise."""
    resistant(s)
    s.record.came()
    s.did(5, CONFIRM)
    asked(s, ago=3, drugs=4)
    s.record.answer("3397-7", "Cocaine screen, urine", "Positive", s.day(3))
    s.reviewed(3)


def psychosis(s: Story) -> None:
    """Schizophrenia on the problem list."""
    _with(s, ("F20.9", "Schizophrenia, unspecified", 3300))
    worked_up(s)


def pressure_in_the_head(s: Story) -> None:
    """Raised intracranial pressure."""
    _with(s, ("G93.2", "Benign intracranial hypertension", 400))
    worked_up(s)


def aneurysm(s: Story) -> None:
    """A contraindication of the label."""
    _with(s, ("I71.40", "Abdominal aortic aneurysm, without rupture", 650))
    worked_up(s)


def malformation(s: Story) -> None:
    """An arteriovenous malformation of the brain."""
    _with(s, ("Q28.2", "Arteriovenous malformation of cerebral vessels", 5000))
    worked_up(s)


def haemorrhage(s: Story) -> None:
    """A haemorrhage of the brain, years ago."""
    _with(s, ("I61.9", "Nontraumatic intracerebral hemorrhage, unspecified", 2900))
    worked_up(s)


def stroke_or_not(s: Story) -> None:
    """ "Stroke" in a referral, and nobody knows of which kind."""
    _with(s, ("I64", "Stroke", 2000))
    worked_up(s)


def pregnant(s: Story) -> None:
    """Pregnant."""
    resistant(s)
    worked_up(s, pregnant="Pregnant")


def pregnancy_unasked(s: Story) -> None:
    """Everything was asked but this."""
    resistant(s)
    worked_up(s, pregnant=None)


def pregnancy_expired(s: Story) -> None:
    """Not pregnant, ten days ago: asked again before anything is decided."""
    resistant(s)
    worked_up(s, ago=10)


def high_pressure(s: Story) -> None:
    """Hypertension that nobody has brought under control."""
    _with(s, ("I10", "Essential hypertension", 2600))
    worked_up(s, pressure=(168, 102))


def sedatives(s: Story) -> None:
    """A benzodiazepine, an opioid and a stimulant beside the antidepressant."""
    resistant(s)
    s.record.medicine("6470", "lorazepam", mg=2, since=s.day(300))
    s.record.medicine("10689", "tramadol", mg=150, since=s.day(120))
    s.record.medicine("6901", "methylphenidate", mg=20, since=s.day(60))
    worked_up(s)


def maoi(s: Story) -> None:
    """A monoamine oxidase inhibitor now."""
    resistant(s, now=False)
    s.record.medicine("10734", "tranylcypromine", mg=30, since=s.day(100))
    worked_up(s)


def xanthine(s: Story) -> None:
    """Theophylline for asthma."""
    _with(s, ("J45.909", "Unspecified asthma, uncomplicated", 6000))
    s.record.medicine("10438", "theophylline", mg=400, since=s.day(1200))
    worked_up(s)


def bad_experience(s: Story) -> None:
    """An earlier infusion of ketamine elsewhere that had to be stopped."""
    resistant(s)
    s.record.ketamine(35, s.day(700), why_ended="side effects")
    worked_up(s)


def ketamine_before(s: Story) -> None:
    """Two earlier infusions elsewhere; how they went, nobody wrote down."""
    resistant(s)
    s.record.ketamine(35, s.day(500))
    s.record.ketamine(35, s.day(497))
    s.record.came()
    s.did(5, CONFIRM)
    asked(s, ago=3)
    s.reviewed(3, "conditions", "medicines", "allergies", "substance_use", "psychiatric_history")


def allergy(s: Story) -> None:
    """An allergy somebody typed, and a herbal mixture nobody can map."""
    resistant(s)
    s.record.allergy("ketamine (rash, 2016)", s.day(320))
    s.record.medicine(None, "herbal sleep mixture", mg=None, since=s.day(50))
    worked_up(s)


def contradictory(s: Story) -> None:
    """Two sources that cannot both be right: hypertension refuted and treated, an antidepressant ended and still taken."""
    resistant(s)
    s.record.condition("I10", "Essential hypertension", status="refuted")
    s.record.condition("I10", "Essential hypertension", since=s.day(800))
    s.record.medicine("36437", "sertraline", mg=100, since=s.day(200), until=s.day(120), why_ended="no effect")
    s.record.medicine("36437", "sertraline", mg=50, since=s.day(180))
    s.record.answer(CSSRS, CSSRS_NAME, "High", s.day(3))
    worked_up(s, risk="None")


def bipolar(s: Story) -> None:
    """A referral for depression that does not respond, and hypomania in it."""
    _with(s, ("F31.81", "Bipolar II disorder", 2100))
    worked_up(s)


def look_alikes(s: Story) -> None:
    """Much that looks like depression that does not respond: thyroid, sleep apnoea, pain, old trauma."""
    _with(
        s,
        ("E05.90", "Thyrotoxicosis, unspecified", 500),
        ("G47.33", "Obstructive sleep apnea", 900),
        ("G89.29", "Other chronic pain", 1500),
        ("F43.12", "Post-traumatic stress disorder, chronic", 4000),
    )
    worked_up(s)


def suicidal(s: Story) -> None:
    """A reason to see a person today, before any decision about ketamine."""
    _with(s, ("R45.851", "Suicidal ideations", 2))
    worked_up(s, ago=1, risk="High")


def liver(s: Story) -> None:
    """Cirrhosis: how bad, nobody has said."""
    _with(s, ("K74.60", "Unspecified cirrhosis of liver", 1100))
    worked_up(s, alcohol=0)


def forgetful(s: Story) -> None:
    """Depression, or the beginning of a dementia, or both."""
    _with(s, ("F03.90", "Unspecified dementia", 300))
    worked_up(s)


def heart(s: Story) -> None:
    """A heart attack six weeks ago."""
    _with(s, ("I21.9", "Acute myocardial infarction, unspecified", 42))
    worked_up(s)


def young(s: Story) -> None:
    """Not of age yet."""
    depressed(s, since=400)
    worked_up(s)


def much_tried(s: Story) -> None:
    """Psychotherapy, magnetic stimulation and ECT before, none of which helped for long."""
    resistant(s)
    s.record.therapy("psychotherapy", since=s.day(540), until=s.day(200), why_ended="no effect")
    s.record.therapy("transcranial magnetic stimulation", since=s.day(190), until=s.day(150), why_ended="no effect")
    s.record.therapy("electroconvulsive therapy", since=s.day(140), until=s.day(100), why_ended="no effect")
    worked_up(s)


def _with(s: Story, *conditions: tuple[str, str, int]) -> None:
    """Treatment-resistant depression and these besides: code, name, days since."""
    resistant(s)
    for code, text, since in conditions:
        s.record.condition(code, text, since=s.day(since))
