"""An example of each journey's message, for who writes its words."""

import pytest

from rules.base import LANGS, Lang
from rules.editing.sample import sample_message
from rules.journeys.journey import Journey
from rules.journeys.kinds import KINDS
from rules.journeys.programme import journeys_of
from tests.rules.examples import CAFE, changed, programme


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_has_an_example_without_gaps(kind: type[Journey], lang: Lang) -> None:
    known = programme(CAFE)
    required = {"campaign": "x"} if kind.model_fields.get("campaign") else {}
    if kind.model_fields.get("every_yen"):
        required["every_yen"] = "10000"
    example = sample_message(known, kind.model_validate(required), "さくらさん", lang)
    assert not {"{", "}"} & set(example.title + example.body + "".join(example.buttons))
    assert all(example.buttons)


def test_the_shops_own_words_stand_in_it() -> None:
    own = '[[journeys]]\nkind = "birthday"'
    text = changed(CAFE, (own, f'{own}\ntitle = {{ ja = "{{name}}、おめでとう" }}'))
    [birthday] = [each for each in journeys_of(programme(text)) if each.kind == "birthday"]
    assert (
        sample_message(programme(text), birthday, "さくらさん", "ja").title
        == "さくらさん、おめでとう"
    )
