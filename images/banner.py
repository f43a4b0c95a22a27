"""The banner of a new rank: a moment worth a picture."""

from dataclasses import dataclass
from math import cos, pi, radians, sin

from PIL import Image, ImageDraw, ImageOps

from .fonts import draw_line, fitted, whole_name
from .grounds import metal_ground, shine, sparkle
from .icons import icon
from .look import Look, scaled
from .paint import Point, disc, faint, fill, gradient, jpeg, rounded, shadow, smooth
from .theme import WHITE, Metal, Splendour, metal, mix, splendour

WIDTH, HEIGHT = 1024, 682
_MIDDLE = WIDTH // 2
_CREST = 170
_PERKS_MAX = 2
#: From the middle, from above, and how large: more for each rank.
_SPARKLES: dict[Splendour, tuple[tuple[int, int, int], ...]] = {
    "plain": ((-330, 132, 26), (300, 96, 22)),
    "fine": ((-330, 120, 40), (300, 84, 30), (372, 214, 44), (-392, 262, 26)),
    "rich": ((-330, 110, 52), (300, 74, 40), (372, 204, 58), (-402, 252, 34), (-240, 66, 24),
             (226, 176, 26), (-276, 204, 30), (420, 90, 26), (-430, 92, 22), (430, 330, 26),
             (-444, 380, 30), (300, 300, 18)),
}  # fmt: skip


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
    worth = splendour(banner.tier, banner.tiers)
    picture = metal_ground((WIDTH, HEIGHT), ground, look.texture, worth)
    if worth != "plain":
        shine(picture, (_MIDDLE, 130), ground.shine, strength=0.52 if worth == "rich" else 0.34)
    draw = ImageDraw.Draw(picture)
    if worth == "rich":
        _laurels(picture, ground)
    _crest(picture, ground, worth)
    _stars(picture, banner, ground)
    for dx, y, size in _SPARKLES[worth]:
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


def _laurels(picture: Image.Image, ground: Metal) -> None:
    """A wreath on both sides of the crest, open above."""
    side = 290
    branch = smooth((side, side), _leaves)
    at = _MIDDLE - side // 2, 44 + (_CREST - side) // 2
    leaves = gradient(
        (side, side),
        mix(ground.shine, WHITE, share=0.4),
        mix(ground.end, ground.deep, share=0.7),
        angle=75,
    )
    for mask in (branch, ImageOps.mirror(branch)):
        shadow(picture, mask, (at[0], at[1] + 4), blur=5, share=0.3)
        picture.paste(leaves, at, mask)


def _leaves(pen: ImageDraw.ImageDraw, k: int) -> None:
    """Leaves in pairs along an arc, from the foot upwards on the left."""
    middle, reach = 145, 112
    for place in range(7):
        angle = radians(122 + place * 16)
        stem = middle + reach * cos(angle), middle + reach * sin(angle)
        for lean in (-0.55, 0.55):
            pen.polygon([(x * k, y * k) for x, y in _leaf(stem, angle + pi / 2 + lean)], fill=255)


def _leaf(stem: tuple[float, float], along: float) -> list[tuple[float, float]]:
    """Broadest in its middle, pointed at both ends."""
    x, y = stem
    ahead, aside = (cos(along), sin(along)), (-sin(along), cos(along))
    return [
        (x + far * ahead[0] + off * aside[0], y + far * ahead[1] + off * aside[1])
        for far, off in ((0, 0), (15, 8), (32, 0), (15, -8))
    ]


def _crest(picture: Image.Image, ground: Metal, worth: Splendour) -> None:
    """A crown on a disc of the metal, a darker rim around it, set with beads above the first."""
    at = (_MIDDLE - _CREST // 2, 44)
    shadow(picture, disc(_CREST), (at[0], at[1] + 8), blur=14, share=0.35)
    picture.paste(gradient((_CREST, _CREST), ground.deep, ground.end, angle=60), at, disc(_CREST))
    if worth != "plain":
        _beads(picture, (_MIDDLE, at[1] + _CREST // 2), _CREST // 2 - 9, ground)
    inner = _CREST - (20 if worth == "plain" else 36)
    face = gradient((inner, inner), ground.shine, ground.end, angle=60)
    edge = (_CREST - inner) // 2
    picture.paste(face, (at[0] + edge, at[1] + edge), disc(inner))
    crown = icon("rank", 92)
    fill(picture, crown, (_MIDDLE - 46, at[1] + 38), ground.ink)


def _beads(picture: Image.Image, middle: Point, reach: int, ground: Metal) -> None:
    bead = disc(8)
    for place in range(36):
        angle = 2 * pi * place / 36
        at = round(middle[0] + reach * cos(angle)) - 4, round(middle[1] + reach * sin(angle)) - 4
        fill(picture, bead, at, mix(ground.shine, WHITE, share=0.4))


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
