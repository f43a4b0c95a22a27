"""What stands on buttons: short enough to be read whole, and capitalised in English."""

import re

import pytest

from bot.line.flex import columns
from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from tests.rules.examples import CAFE, GYM, programme
from tests.rules.wording.rendered import rendered

#: Texts that are labels wherever they stand. A name may be in one, and as long as it is.
_LABELS = re.compile(
    r"chat\.button\.\w+|chat\.earn\.whole|chat\.language\.name|push\.see_\w+"
    r"|push\.card_moved\.button"
)
#: A button over the whole width of a message, in half-width columns of LINE's letters.
_COLUMNS = 28


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("club", [CAFE, GYM], ids=["café", "gym"])
def test_labels_are_whole_and_capitalised(club: str, lang: Lang) -> None:
    known: Programme = programme(club)
    labels = {
        label: text.key for text in rendered(known, lang, only=_LABELS) for label in text.said
    }
    assert len(labels) > 60
    assert [each for each in labels if columns(each) > _COLUMNS] == []
    assert [each for each in labels if each[:1].islower()] == []
