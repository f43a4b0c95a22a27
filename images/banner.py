"""The banner of a new rank: a moment worth a picture."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted, whole_name
from .grounds import metal_ground, shine, sparkle
from .icons import icon
from .look import Look, scaled
from .paint import disc, faint, fill, gradient, jpeg, rounded, shadow
from .theme import WHITE, Metal, metal

WIDTH, HEIGHT = 1024, 682
_MIDDLE = WIDTH // 2
_CREST = 170
_PERKS_MAX = 2


@dataclass(frozen=True, slots=True)
class BannerPicture:
    """A new rank as finished strings."""

    #: What happened: "昇格おめでとうございます".
    headline: str
    #: May be empty.
    name: str
    rank: str
    #: The rank's two, "#RRGGBB".
    colours: tuple[str, str]
    #: The rank's place on the ladder.
    tier: int
    tiers: int
    #: What the rank brings; two are shown.
    perks: tuple[str, ...] = ()
    shop: str = ""


def draw_banner(banner: BannerPicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels in the rank's metal."""
    ground = metal(*banner.colours)
    picture = metal_ground((WIDTH, HEIGHT), ground, look.texture)
    shine(picture, (_MIDDLE, 130), ground.shine, strength=0.34)
    draw = ImageDraw.Draw(picture)
    _crest(picture, ground)
    _stars(picture, banner, ground)
    for dx, y, size in ((-330, 120, 40), (300, 84, 30), (372, 214, 44), (-392, 262, 26)):
        fill(picture, sparkle(size), (_MIDDLE + dx, y), WHITE)
    headline = fitted(banner.headline, "bold", width=900, size=36, size_min=24)
    draw_line(draw, (_MIDDLE, 340), headline, ground.ink, align="m")
    rank = fitted(banner.rank, "bold", width=900, size=88, size_min=44)
    draw_line(draw, (_MIDDLE, 438), rank, ground.ink, align="m")
    name = fitted(whole_name(banner.name), "regular", width=900, size=36, size_min=24)
    draw_line(draw, (_MIDDLE, 494), name, ground.ink, align="m")
    _perks(picture, draw, banner, ground)
    if look.mascot is not None:
        own = scaled(look.mascot, 190, 230)
        picture.paste(own, (WIDTH - own.width - 34, 40), own)
    return jpeg(picture)


def _crest(picture: Image.Image, ground: Metal) -> None:
    """A crown on a disc of the metal, a darker rim around it."""
    at = (_MIDDLE - _CREST // 2, 44)
    shadow(picture, disc(_CREST), (at[0], at[1] + 8), blur=14, share=0.35)
    picture.paste(gradient((_CREST, _CREST), ground.deep, ground.end, angle=60), at, disc(_CREST))
    inner = _CREST - 20
    face = gradient((inner, inner), ground.shine, ground.end, angle=60)
    picture.paste(face, (at[0] + 10, at[1] + 10), disc(inner))
    crown = icon("rank", 92)
    fill(picture, crown, (_MIDDLE - 46, at[1] + 38), ground.ink)


def _stars(picture: Image.Image, banner: BannerPicture, ground: Metal) -> None:
    side, gap = 44, 14
    left = _MIDDLE - (banner.tiers * (side + gap) - gap) // 2
    star = icon("star", side)
    for place in range(banner.tiers):
        mask = star if place < banner.tier else faint(star, 0.22)
        fill(picture, mask, (left + place * (side + gap), 236), ground.ink)


def _perks(
    picture: Image.Image, draw: ImageDraw.ImageDraw, banner: BannerPicture, ground: Metal
) -> None:
    """What the rank brings, on a darker strip at the foot; without any, the shop's name."""
    perks = banner.perks[:_PERKS_MAX]
    if not perks:
        shop = fitted(banner.shop, "regular", width=880, size=30, size_min=20)
        draw_line(draw, (_MIDDLE, HEIGHT - 56), shop, ground.ink_soft, align="m")
        return
    height = 44 * len(perks) + 30
    strip = rounded(WIDTH - 96, height, 24)
    top = HEIGHT - 36 - height if len(perks) > 1 else HEIGHT - 50 - height
    fill(picture, faint(strip, 0.13), (48, top), ground.ink)
    for place, perk in enumerate(perks):
        text = fitted(perk, "bold", width=WIDTH - 220, size=30, size_min=20)
        y = top + 51 + place * 44
        left = _MIDDLE - (text.width + 40) / 2
        fill(picture, icon("star", 26), (round(left), round(y) - 24), ground.ink)
        draw_line(draw, (left + 40, y), text, ground.ink)
