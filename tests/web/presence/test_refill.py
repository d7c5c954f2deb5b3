"""Is the right form filled, with everything that was typed, and is nothing else of the page touched?"""

from __future__ import annotations

import pytest

from daybreak.web.presence.refill import refill

PAGE = """<p>1 &lt; 2</p>
<form method="post" action="/x/"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input type="hidden" name="key" value="new"><input type="hidden" name="of" value="a">
<input name="day" value="old"><input type="password" name="confirm"><input type="file" name="file">
<textarea name="why">old</textarea>
<select name="one"><option value="">-</option><option value="p" selected>P</option><option value="q">Q</option></select>
<input type="checkbox" name="many" value="1" checked><input type="checkbox" name="many" value="2">
<input type="radio" name="pick" value="yes" checked><input type="radio" name="pick" value="no">
<button name="act" value="add">Add</button></form>
<form method="post" action="/x/"><input type="hidden" name="of" value="b"><input name="day"></form>
<form method="post"><input name="day"></form><form action="/x/"><input name="day"></form>"""
FIELDS = {"csrfmiddlewaretoken": ["old"], "key": ["k"], "of": ["a"], "day": ['2 "May"'], "why": ["</textarea><b>"],
    "one": ["q"], "many": ["2"], "pick": ["no"], "confirm": ["secret"], "act": ["add"]}  # fmt: skip


def test_every_kind_of_field_is_filled() -> None:
    assert (
        refill(PAGE, page="/y/", action="/x/", fields=FIELDS)
        == """<p>1 &lt; 2</p>
<form method="post" action="/x/"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input type="hidden" name="key" value="k"><input type="hidden" name="of" value="a">
<input name="day" value="2 &quot;May&quot;"><input type="password" name="confirm"><input type="file" name="file">
<textarea name="why">
&lt;/textarea&gt;&lt;b&gt;</textarea>
<select name="one"><option value="">-</option><option value="p">P</option><option value="q" selected>Q</option></select>
<input type="checkbox" name="many" value="1"><input type="checkbox" name="many" value="2" checked>
<input type="radio" name="pick" value="yes"><input type="radio" name="pick" value="no" checked>
<button name="act" value="add">Add</button></form>
<form method="post" action="/x/"><input type="hidden" name="of" value="b"><input name="day"></form>
<form method="post"><input name="day"></form><form action="/x/"><input name="day"></form>"""
    )


@pytest.mark.parametrize(
    ("fields", "filled"),
    [
        ({"of": ["b"], "day": ["7"]}, '<input type="hidden" name="of" value="b"><input name="day" value="7">'),
        ({"of": ["c"], "day": ["7"]}, None),
        ({"other": ["7"]}, None),
        ({}, None),
    ],
)
def test_hidden_fields_say_which_form_it_was(fields, filled) -> None:
    page = refill(PAGE, page="/y/", action="/x/", fields=fields)
    assert page is None if filled is None else filled in page


def test_a_form_without_an_address_leads_to_its_own_page() -> None:
    assert '<form method="post"><input name="day" value="7"></form>' in refill(
        PAGE, page="/y/", action="/y/", fields={"day": ["7"]}
    )
    assert refill(PAGE, page="/y/", action="/z/", fields={"day": ["7"]}) is None


def test_of_two_forms_that_are_alike_none_is_guessed() -> None:
    twice = '<form method="post"><input name="day"></form>' * 2
    assert refill(twice, page="/y/", action="/y/", fields={"day": ["7"]}) is None


def test_what_is_folded_around_it_is_opened() -> None:
    form = '<details open><form method="post"><input name="x"></form></details>'
    page = f'<details id="a"></details><details class="b">{form}</details>'
    assert refill(page, page="/y/", action="/y/", fields={"x": ["7"]}) == (
        '<details id="a"></details><details class="b" open><details open>'
        '<form method="post"><input name="x" value="7"></form></details></details>'
    )
