"""Every "no" has its words in both languages, for whoever can hear it."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from handlers.actions.counter.scanned_code import CodeKind
from handlers.pages.staff.frame.words import SAID_BY_SCRIPTS
from rules.base import LANGS, Lang
from rules.wording.refusals import Circumstances, Hearer, is_refusal, refusal_text
from rules.wording.texts import keys
from rules.wording.words import Words
from tests.rules.examples import ROOT, cafe

#: What makes a "no": the code is the first that it is given, or its `refused`.
_MAKERS = {"Refusal", "Acknowledgement", "Wrong", "no"}
#: What is read as a card, and so is none that anybody says no to.
_CARDS = {"card", "live", "number", "use"}
#: Members alone meet these, in the chat, though what refuses them is anybody's.
_MEMBERS = {
    "birthday_changes", "codes_asked", "link_expired", "link_same", "link_unknown", "link_used",
}  # fmt: skip
_PLACEHOLDERS = {
    "visit", "points", "counter", "birthday", "hours", "contact", "again", "earlier", "made",
    "reward", "count",
}  # fmt: skip
_NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ABOUT = Circumstances(
    _NOW,
    again_at=_NOW + timedelta(hours=20),
    earlier_at=_NOW - timedelta(hours=1),
    earlier_store="ekimae",
    made="11:30",
    reward="coffee",
    count=50,
)


@cache
def codes() -> dict[str, frozenset[Hearer]]:
    """Every refusal that the code makes or says, and who can hear it."""
    heard: dict[str, frozenset[Hearer]] = {}
    for floor in ("rules", "handlers"):
        for file in (ROOT / floor).rglob("*.py"):
            if file.name == "offered.py":
                continue  # It lists those that members hear, and says none.
            for code in _said_in(file):
                heard[code] = heard.get(code, frozenset()) | _hearers(file)
    for code in {*get_args(CodeKind)} - _CARDS | {*SAID_BY_SCRIPTS}:
        heard[code] = frozenset({"staff"})
    return {code: frozenset({"member"}) if code in _MEMBERS else by for code, by in heard.items()}


def _hearers(file: Path) -> frozenset[Hearer]:
    place = file.relative_to(ROOT).as_posix()
    if place.startswith(("handlers/chat/", "handlers/pages/card/", "handlers/pages/sms")):
        return frozenset({"member"})
    if place.startswith(("handlers/pages/", "handlers/actions/staff/", "handlers/commands/")):
        return frozenset({"staff"})
    return frozenset({"member", "staff"})


def _said_in(file: Path) -> Iterator[str]:
    """The codes that stand in a file, and what it makes a "no" of, though that had no words."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (said := _word(node)) and is_refusal(said):
            yield said
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            made = node.args[:1] if name in _MAKERS else []
            made += [word.value for word in node.keywords if word.arg == "refused"]
            yield from filter(None, map(_word, made))


def _word(node: ast.AST) -> str:
    """The word that stands there as a string; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if re.fullmatch(r"[a-z_]+", node.value) else ""
    return ""


def told() -> list[tuple[str, Hearer]]:
    return [(code, hearer) for code, by in sorted(codes().items()) for hearer in sorted(by)]


def test_there_are_as_many_as_we_know_of() -> None:
    assert len(codes()) > 100
    written = {key.split(".")[1] for key in keys("ja") if key.startswith("refusal.")}
    assert written == set(codes())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("code", "hearer"), told())
def test_a_no_says_why_and_what_to_do(code: str, hearer: Hearer, lang: Lang) -> None:
    text = refusal_text(Words(cafe(), lang), code, hearer, ABOUT)

    assert text.why
    assert text.why[-1] not in ".。!！", "why stands alone as a heading"
    assert text.then[-1] in ".。!?)" or "{contact}" in str(keys(lang)[f"refusal.{code}.then"])
    assert text.whole.startswith(text.why)
    assert text.whole.endswith(text.then)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", [code for code, hearer in told() if hearer == "staff"])
def test_nobody_sends_staff_to_the_staff(code: str, lang: Lang) -> None:
    said = refusal_text(Words(cafe(), lang), code, "staff", ABOUT).whole
    assert not re.search(r"スタッフにお?声|店頭で|会員証をお見せ|[Oo]ur staff|show your card", said)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("code", "hearer"), told())
def test_a_no_can_be_said_where_nothing_is_known_beside_it(
    code: str, hearer: Hearer, lang: Lang
) -> None:
    said = refusal_text(Words(cafe(), lang), code, hearer).whole
    assert "「」" not in said
    assert "“”" not in said
    assert "（）" not in said


@pytest.mark.parametrize("lang", LANGS)
def test_words_ask_for_nothing_that_is_not_known(lang: Lang) -> None:
    for key, text in keys(lang).items():
        if key.startswith("refusal."):
            assert isinstance(text, str)
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= _PLACEHOLDERS


def test_who_stands_at_the_counter_hears_when_and_where_it_was() -> None:
    words = Words(cafe(), "ja")
    staffs = refusal_text(words, "visited_today", "staff", ABOUT)
    members = refusal_text(words, "visited_today", "member", ABOUT)

    assert staffs.why.endswith("（駅前店 11:00）")
    assert "あすの8:00から" in staffs.then
    assert "駅前店" not in members.whole
    assert refusal_text(words, "undo_spent", "staff", ABOUT).why.startswith(
        "このポイントのうち、50"
    )


def test_what_is_no_code_has_no_words() -> None:
    assert not is_refusal("nobody_knows")
    with pytest.raises(KeyError):
        refusal_text(Words(cafe(), "ja"), "nobody_knows", "staff")


def test_the_scripts_say_no_only_by_what_they_are_given() -> None:
    folder = ROOT / "handlers" / "pages" / "static" / "staff" / "js"
    said = {
        code
        for script in folder.glob("*.js")
        for code in re.findall(r'\brefusal\("(\w+)"\)', script.read_text(encoding="utf-8"))
    }
    assert said == set(SAID_BY_SCRIPTS)
