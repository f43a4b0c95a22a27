from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from bot.codes import Codes
from images.card import HEIGHT, WIDTH, CardPicture, draw_card
from images.look import Look
from tests.images.pictures import HARD, LOOKS, RANKS, as_jpeg, codes_in, opened, shades, with_art

NUMBER = "4820117736"
CODES = Codes("a secret of this installation only, long enough")
CARD = CardPicture(
    shop="通い路珈琲",
    name="さくらさん",
    number="482 011 7736",
    code=CODES.card_code(NUMBER),
    caption="スタッフにお見せください（期限なし）",
    points="1,240",
    points_name="ポイント",
    rank="シルバーファン",
    colours=RANKS["silver"],
    tier=2,
    tiers=3,
    step="今月あと2回のご来店で「ゴールドファン」に昇格！",
    progress=0.6,
)


#: Many look at the same few cards.
_drawn = lru_cache(maxsize=32)(draw_card)


def card(look: Look = LOOKS[0], **changes: object) -> Image.Image:
    return opened(_drawn(replace(CARD, **changes), look))  # type: ignore[arg-type]


def number_in(picture: Image.Image) -> str | None:
    found = codes_in(picture)
    card = CODES.open_card(found[0]) if len(found) == 1 else None
    return card.number if card else None


Seen = Callable[[Image.Image], Image.Image]


def turned(degrees: float) -> Seen:
    return lambda p: p.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor="#777777")


def half(picture: Image.Image) -> Image.Image:
    size = picture.width // 2, picture.height // 2
    return picture.resize(size, Image.Resampling.BILINEAR)


def dark(picture: Image.Image) -> Image.Image:
    return picture.point([int(value * 0.35) for value in range(256)] * 3)


def pale(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(0.4)


def blurred(radius: float) -> Seen:
    return lambda p: p.filter(ImageFilter.GaussianBlur(radius))


def compressed(picture: Image.Image) -> Image.Image:
    return as_jpeg(picture, 60)


def cracked(picture: Image.Image) -> Image.Image:
    """A thin crack across the screen."""
    broken = picture.copy()
    for step in range(0, picture.width, 2):
        broken.paste("#555555", (step, 120 + step // 4, step + 3, 123 + step // 4))
    return broken


SEEN: dict[str, tuple[Seen, ...]] = {
    "as it is": (),
    "compressed by LINE": (compressed,),
    "half as large": (half,),
    "turned by 10°": (turned(10),),
    "turned the other way": (turned(-10),),
    "out of focus": (blurred(3),),
    "on a dark screen": (dark,),
    "washed out": (pale,),
    "cracked": (cracked,),
    "half, compressed": (half, compressed),
    "dark, compressed, turned": (dark, compressed, turned(10)),
    "half, dark, a little out of focus": (half, dark, blurred(1)),
    "compressed twice, turned, blurred": (compressed, turned(7), blurred(2), compressed),
    "upside down in the dark": (turned(180), dark),
}


@pytest.mark.parametrize("club", LOOKS[:2], ids=["café", "gym"])
@pytest.mark.parametrize("rank", ["none", "bronze", "silver", "gold"])
@pytest.mark.parametrize("how", SEEN)
def test_the_code_is_read_however_the_phone_shows_it(how: str, rank: str, club: Look) -> None:
    picture = card(club, colours=RANKS[rank])
    for change in SEEN[how]:
        picture = change(picture)
    assert number_in(picture) == NUMBER


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("rank", RANKS)
def test_the_code_is_read_whatever_the_colours(rank: str, look: Look) -> None:
    assert number_in(compressed(card(with_art(look), colours=RANKS[rank]))) == NUMBER


def test_every_members_code_is_read() -> None:
    for n in range(40):
        number = f"{n * 246813579 % 10**10:010}"
        picture = half(card(code=CODES.card_code(number)))
        assert number_in(picture) == number


def test_the_code_has_a_white_margin_of_four_modules_on_every_side() -> None:
    picture = card().convert("L")
    [found] = zxingcpp.read_barcodes(picture)
    at, margin = found.position, 4 * 11 - 3
    left, top = at.top_left.x - margin, at.top_left.y - margin
    right, bottom = at.bottom_right.x + margin, at.bottom_right.y + margin
    around = picture.crop((left, top, right, bottom))
    # JPEG leaves a little grey right beside the code.
    inner = margin - 8
    around.paste(255, (inner, inner, around.width - inner, around.height - inner))
    assert shades(around)[0] >= 245


@pytest.mark.parametrize("look", LOOKS[:2])
@pytest.mark.parametrize("text", HARD)
def test_any_name_and_shop_can_be_drawn(text: str, look: Look) -> None:
    picture = card(look, name=text, shop=text, rank=text, points_name=text, step=text)
    assert picture.size == (WIDTH, HEIGHT) == (1024, 682)
    assert number_in(picture) == NUMBER


@pytest.mark.parametrize("text", HARD)
def test_no_text_reaches_the_code_or_the_edge(text: str) -> None:
    filled = card(name=text, shop=text, rank=text, points="1,234,567,890", step=text * 3)
    bare = card(name="", shop="", rank="", points="", points_name="", step="")
    changed = ImageChops.difference(filled, bare).convert("L").point(lambda v: 255 if v > 40 else 0)
    left, _, right, _ = changed.crop((0, 0, 425, HEIGHT)).getbbox() or (44, 0, 420, 0)
    assert left > 30
    assert right < 424
    tile = changed.crop((440, 40, WIDTH - 40, 580))
    assert tile.getbbox() is None


def test_a_card_without_a_rank_has_no_stars_and_one_without_a_bar_no_bar() -> None:
    plain = card(tier=0, tiers=0, progress=None)
    assert ImageChops.difference(plain, card()).getbbox() is not None
    assert number_in(plain) == NUMBER


def test_the_same_card_is_the_same_picture_and_small_enough_for_a_phone() -> None:
    drawn = draw_card(CARD, LOOKS[0])
    assert drawn == draw_card(CARD, LOOKS[0])
    assert len(drawn) < 250_000


def test_a_name_with_a_letter_that_no_font_has_is_left_out_whole() -> None:
    assert card(name="王刚さん").tobytes() == card(name="").tobytes()
