import pytest

from handlers.art import ArtFolder
from handlers.showing.poster import poster_picture
from handlers.showing.views import Scene
from images.poster import GIFTS_MAX
from rules.base import LANGS, Lang
from rules.checking.reading import parse
from rules.programme.programme import Programme
from tests.rules.examples import CAFE, GYM


def programme(text: str) -> Programme:
    parsed = parse(text)
    assert isinstance(parsed, Programme)
    return parsed


def gifts(whole: Programme, lang: Lang = "ja") -> list[str]:
    scene = Scene(whole, ArtFolder(), lang)
    return [gift.title for gift in poster_picture(scene, "https://line.me").gifts]


def test_the_poster_promises_what_the_programme_gives() -> None:
    assert gifts(programme(CAFE)) == [
        "ご入会で50ポイント",
        "通うほどランクアップ",
        "100ポイントから使えます",
    ]
    assert gifts(programme(GYM), "en")[0] == "20 miles for joining"


@pytest.mark.parametrize("lang", LANGS)
def test_a_club_with_little_still_has_something_to_say(lang: Lang) -> None:
    bare = programme(CAFE).model_copy(
        update={"earning": (), "ranks": None, "rewards": (), "badges": ()}
    )
    assert len(gifts(bare, lang)) == 1
    assert len(gifts(programme(CAFE), lang)) == GIFTS_MAX
