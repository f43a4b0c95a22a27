"""Every "no" has its sentence in both languages, and says well when it turns into a yes."""

import re
import string
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from handlers.chat.conversations.check_in import CodeProblem
from rules.base import LANGS, Lang
from rules.wording.texts import keys, say

from .conftest import World, words

ROOT = Path(__file__).parents[3]
#: Where a "no" that only staff meet has its sentence, by what stands around its code.
STAFFS = (
    ("no.", ".why"),
    ("staff.no.", ""),
    ("staff.letters.done.", ""),
    ("staff.today.done.", ""),
    ("staff.calls.done.", ""),
)
#: Said by pages of their own.
_PAGES = {"invitation_over"}
_MADE = re.compile(r'Refusal\(\s*"(\w+)"')


def codes() -> set[str]:
    """Every refusal that the rules and actions can give, and those of the chat itself."""
    sources = [*(ROOT / "rules").glob("*.py"), *(ROOT / "handlers" / "actions").glob("*.py")]
    made = {code for path in sources for code in _MADE.findall(path.read_text(encoding="utf-8"))}
    chat = {"referral_self", "referral_member", "referral_unknown"}
    return made | set(get_args(CodeProblem)) | chat


@pytest.mark.parametrize("lang", LANGS)
def test_every_refusal_has_a_sentence_and_no_sentence_is_left_over(lang: Lang) -> None:
    known = keys(lang)
    written = {key.removeprefix("refusal.") for key in known if key.startswith("refusal.")}
    staffs = {c for c in codes() if any(f"{head}{c}{end}" in known for head, end in STAFFS)}
    assert len(codes()) > 20
    assert written <= codes()
    assert codes() - _PAGES <= written | staffs


@pytest.mark.parametrize("lang", LANGS)
def test_sentences_need_no_more_than_every_door_knows(lang: Lang) -> None:
    for key, text in keys(lang).items():
        if key.startswith("refusal."):
            assert isinstance(text, str)
            asked = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert asked <= {"visit", "points", "again"}, key
            assert say(lang, key, visit="来店", points="ポイント", again="あす4:00から")


@pytest.mark.parametrize(
    ("local_hour", "again"),
    [(12, "あすの4:00から"), (1, "きょうの4:00から")],
)
def test_the_moment_is_said_by_the_calendar_people_live_by(
    world: World, local_hour: int, again: str
) -> None:
    person = world.member()
    here = world.club.timeline().latest.programme.shop.local(world.now())
    world.travel(timedelta(hours=(local_hour - here.hour) % 24 + 24))
    person.check_in()
    assert again in words(person.check_in())
