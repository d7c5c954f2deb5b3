"""Which sixty-three people are the patients of the demo's clinic? Nobody here exists; names are spelled as people spell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from daybreak.demo import cases as c
from daybreak.demo import obstacles as o
from daybreak.demo.staff import HARBOUR, MILL
from daybreak.demo.story import Story, Who

SEED = 1
F, M, X = "female", "male", "other"
Case = Callable[[Story], None]

PATIENTS: tuple[tuple[Who, Case], ...] = (
    (Who("Keller", "Anna Maria", None, F, HARBOUR, born="1979-05-14"), c.ready),
    (Who("Keller", "Anna-Marie", None, F, HARBOUR, born="1979-05-14"), o.pregnancy_expired),
    (Who("张", "伟", 44, M, HARBOUR, language="中文"), c.treated),
    (Who("Zhang", "Wei", 38, M, MILL, language="中文"), c.one_exception),
    (Who("O’Brien-Núñez", "Seán", 52, M, HARBOUR), c.waits_for_second),
    (Who("van der Østergård", "Liv", 61, F, HARBOUR), o.high_pressure),
    (Who("Nguyễn", "Thị Ánh", 35, F, HARBOUR, language="Tiếng Việt", needs="Interpreter"), c.dose_unknown),
    (Who("العلوي", "خديجة", 47, F, HARBOUR, language="العربية", needs="Interpreter; asks for a woman"), c.ready),
    (Who("Иванова", "Ольга Сергеевна", 58, F, MILL, language="Русский"), o.sedatives),
    (Who("Wulandari", "", 29, F, MILL), c.referred),
    (Who("Null", "Jordan", 33, X, HARBOUR), c.half_reviewed),
    (Who("Żółć", "Łukasz", 41, M, MILL), o.drinking),
    (Who("李", "娟", None, F, MILL, language="中文", born="1990-03-08"), c.not_yet),
    (Who("李", "娟", None, F, MILL, language="中文", born="1990-08-03"), o.pregnancy_unasked),
    (Who("Okonkwo", "Chidi", 36, M, HARBOUR), c.two_signatures),
    (Who("D’Ångelo", "María José", 49, F, HARBOUR, language="Español"), c.look_again),
    (Who("Ó Súilleabháin", "Diarmuid", 66, M, HARBOUR, needs="Hard of hearing: speak to the left side"), o.aneurysm),
    (Who("Tanaka", "さくら", 27, F, MILL, language="日本語"), o.suicidal),
    (Who("Mbeki-Fairweather-Castellanos", "Alexandrina Philippa", 54, F, HARBOUR), o.look_alikes),
    (Who("Ma", "Bo", 23, M, HARBOUR, language="中文"), c.never_tried),
    (Who("Haddad", "Rami", 45, M, MILL), o.psychosis),
    (Who("Şahin", "Gülşen", 39, F, MILL, language="Türkçe"), o.pregnant),
    (Who("כהן", "נועה", 31, F, HARBOUR), c.three_weeks),
    (Who("Papadopoulos", "Eleni", 72, F, HARBOUR, needs="Large print"), o.forgetful),
    (Who("Smith", "John", None, M, HARBOUR, born="1968"), c.referred),
    (Who("Smyth", "Jon", None, M, HARBOUR, born="1968-11-02"), o.xanthine),
    (Who("Hernández", "Luz", 43, F, MILL, language="Español"), c.treated),
    (Who("Virtanen", "Aino", 50, F, MILL), o.pressure_in_the_head),
    (Who("Kowalska", "Zofia", 37, F, HARBOUR), o.bad_experience),
    (Who("Adeyemi", "Folasade", 34, F, HARBOUR), o.contradictory),
    (Who("Björnsdóttir", "Þóra", 55, F, MILL), o.malformation),
    (Who("Петренко", "Андрій", 48, M, HARBOUR, language="Українська"), o.haemorrhage),
    (Who("Fernandes", "Inês", 26, F, HARBOUR, language="Português"), c.registered),
    (Who("Ferrnandes", "Ines", 63, F, HARBOUR), c.expired),
    (Who("王", "芳", 57, F, HARBOUR, language="中文"), c.void_exception),
    (Who("Wang", "Fang", 32, F, MILL, language="中文"), c.referred),
    (Who("Schmidt", "Jürgen", 69, M, MILL), o.heart),
    (Who("Dubois", "Éloïse", 30, F, MILL, language="Français"), o.bipolar),
    (Who("Rossi", "Gian Luca", 42, M, HARBOUR), o.sober),
    (Who("Kaur", "Simran", 28, F, HARBOUR), c.ready),
    (Who("Nakamura", "健", 46, M, HARBOUR, language="日本語"), c.taken_back),
    (Who("Lopez", "Dee", 40, X, MILL), o.positive_screen),
    (Who("Andersson", "Åke", 76, M, MILL), o.stroke_or_not),
    (Who("Mensah", "Kofi", 53, M, HARBOUR), c.reopened),
    (Who("Novák", "Jiří", 59, M, MILL), o.liver),
    (Who("Kim", "민준", 33, M, HARBOUR, language="한국어"), o.maoi),
    (Who("Silva", "João Pedro", 25, M, MILL, language="Português"), c.dates_unknown),
    (Who("Baker", "Toni", 17, F, HARBOUR, needs="Comes with a parent"), o.young),
    (Who("de la Cruz", "Ana", 51, F, MILL, language="Español"), c.under_way),
    (Who("陈", "静", 36, F, HARBOUR, language="中文"), c.under_way),
    (Who("Murphy", "Niamh", 44, F, HARBOUR), o.ketamine_before),
    (Who("Ali", "Yusuf", 62, M, MILL), o.allergy),
    (Who("Petrov", "Dimitar", 47, M, HARBOUR), o.much_tried),
    (Who("Jensen", "Freja", 38, F, MILL), c.not_yet),
    (Who("Mohr", "Ulla", 82, F, HARBOUR, needs="Wheelchair"), c.ready),
    (Who("Tran", "Minh", 30, M, MILL, language="Tiếng Việt"), c.registered),
    (Who("García López", "Iker", 35, M, HARBOUR, language="Español"), c.corrected),
    (Who("Brown", "Robin", None, "", HARBOUR), c.registered),
    (Who("Weiß", "Annegret", 56, F, MILL), c.reopened),
    (Who("Oyelaran", "Tunde", 29, M, HARBOUR), c.under_way),
    (Who("Moreau", "Colette", 61, F, HARBOUR), c.under_way),
    (Who("Balogun", "Femi", 45, M, HARBOUR), c.under_way),
    (Who("Haugen", "Sindre", 39, M, HARBOUR), c.infused),
)


def stories(today: date, *, seed: int = SEED) -> list[Story]:
    """Everybody up to `today`. The same seed tells the same; another one draws other medicines, scores and days."""
    chance = Random(seed)
    found = []
    for number, (who, case) in enumerate(PATIENTS, 1001):
        story = Story(f"{who.site[0]}-{number}", who, today, chance, known_for=chance.randint(12, 55))
        case(story)
        found.append(story)
    return found
