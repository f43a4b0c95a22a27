"""The language that nobody speaks keeps what a text is filled in with, and is longer."""

from string import Formatter

import pytest

from rules.wording.texts import keys, say
from tests.pseudo import LABEL_MAX, in_no_file, pseudo, pseudo_english, said_on

__all__ = ["pseudo_english"]


def placeholders(text: str) -> list[str]:
    return [f"{name}:{form}" for _, name, form, _ in Formatter().parse(text) if name]


def test_placeholders_stay_and_it_grows() -> None:
    for text in keys("en").values():
        for said in text.values() if isinstance(text, dict) else [text]:
            changed = pseudo(said)
            assert placeholders(changed) == placeholders(said)
            if len(said) > LABEL_MAX:
                assert len(changed) >= len(said) * 1.4 - 1
            else:
                assert len(changed) == len(said)


def test_who_has_chosen_english_reads_it_and_nobody_else(pseudo_english: None) -> None:
    assert say("en", "owner.backup.all.title").startswith("⟦")
    assert say("ja", "owner.backup.all.title") == "すべてを持ち出す"


@pytest.mark.parametrize(
    "page", ['<p title="Close it">ξ</p>', "<p>One <b>more</b></p>", '<img alt="A cup">']
)
def test_a_text_of_no_file_would_be_seen(page: str) -> None:
    assert in_no_file(said_on(page), set())
    assert not in_no_file(["4Z2-BTD-4XD H57NBX"], set())
    assert not in_no_file(said_on("<script>let more;</script><p>Çļöšé</p>"), set())
