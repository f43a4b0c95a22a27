"""The card's picture: drawn for one member after another, all else warm.

The limit only writes the same number of words on a picture and makes one JPEG of it.
"""

import io
import time
from collections.abc import Callable, Iterator
from itertools import count

from PIL import Image, ImageDraw

from images.card import CardPicture, draw_card
from images.fonts import font
from images.look import Look

from .measure import Goal, Row, Sizes, compare, in_turn

#: 4 ms on the machine where words and a JPEG took 2.3: the ratio holds on slower ones too.
RATIO_MAX = 1.74
_LOOK = Look("#8A5A44")
_SILVER = ("#A9B4C2", "#75808F")
#: The letters of a card: where, how large, and what.
_WORDS = (
    (84, 36, "通い路珈琲"), (164, 34, "さくらさん"), (266, 42, "シルバーファン"),
    (378, 28, "ポイント"), (466, 96, "1,240"), (560, 28, "今月あと2回のご来店で"),
    (596, 28, "「ゴールドファン」に昇格！"),
    (634, 38, "482 011 7736"), (667, 24, "スタッフにお見せください（期限なし）"),
)  # fmt: skip


def measure(sizes: Sizes) -> list[Row]:
    """How long a card takes whose QR, name and points were never drawn before."""
    cards = _cards()
    ground = Image.open(io.BytesIO(draw_card(next(cards), _LOOK))).convert("RGB")
    runs = {
        "ours": lambda: _milliseconds(lambda: draw_card(next(cards), _LOOK), sizes),
        "limit": lambda: _milliseconds(lambda: _words_and_jpeg(ground), sizes),
    }
    samples = in_turn(sizes.rounds, runs)
    goal = Goal(ratio_max=RATIO_MAX)
    return [compare("card picture 1,024 × 682", "ms", samples["ours"], samples["limit"], goal)]


def _cards() -> Iterator[CardPicture]:
    for n in count(1):
        yield CardPicture(
            shop="通い路珈琲",
            name=f"さくら{n}さん",
            number=f"482 {n % 1000:03} 7736",
            code=f"K{n * 7919:0121X}",
            caption="スタッフにお見せください（期限なし）",
            points=f"{n % 30_000:,}",
            points_name="ポイント",
            rank="シルバーファン",
            colours=_SILVER,
            tier=2,
            tiers=3,
            step="今月あと2回のご来店で「ゴールドファン」に昇格！",
            progress=n % 10 / 10,
        )


def _words_and_jpeg(ground: Image.Image) -> bytes:
    picture = ground.copy()
    draw = ImageDraw.Draw(picture)
    for y, size, words in _WORDS:
        draw.text((46, y), words, font=font("bold", size), fill="#101010", anchor="ls")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _milliseconds(step: Callable[[], object], sizes: Sizes) -> float:
    """The mean time of `step`, after a moment to warm up."""
    _repeat(step, sizes.warm_up)
    times, elapsed = _repeat(step, sizes.seconds)
    return elapsed / times * 1_000


def _repeat(step: Callable[[], object], seconds: float) -> tuple[int, float]:
    began = time.perf_counter()
    times = 0
    while (elapsed := time.perf_counter() - began) < seconds or not times:
        step()
        times += 1
    return times, elapsed
