"""What the words say of lengths is what the fields take."""

import pytest

from handlers.actions.staff.staffing import PIN_MIN
from handlers.pages.staff.frame.lengths import LENGTHS
from rules.base import LANGS, Lang
from rules.wording.texts import say, show


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("profile_long", (LENGTHS["name"], LENGTHS["note"])),
        ("answer_too_long", (LENGTHS["answer"],)),
        ("call_words_long", (LENGTHS["call"],)),
        ("name_invalid", (LENGTHS["staff_name"],)),
        ("password_short", (LENGTHS["password_min"],)),
        ("pin_weak", (PIN_MIN, LENGTHS["pin"])),
    ],
)
def test_who_wrote_too_much_is_told_how_much_it_may_be(
    code: str, numbers: tuple[int, ...], lang: Lang
) -> None:
    then = say(lang, f"refusal.{code}.then")
    assert [number for number in numbers if show(lang, number) not in then] == []
