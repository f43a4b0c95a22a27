"""The picture of one badge, as a message shows it when it is earned, or while it is not."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, draw_lines, fitted, wrapped
from .grounds import paper, put_logo, shine, sparkle
from .look import Look, scaled
from .medal import Medal, enamel, medal
from .paint import fill, gradient, jpeg, rounded
from .theme import BLACK, WHITE, mix

WIDTH, HEIGHT = 1024, 682
_SIDE = 452
_MIDDLE = (292, 336)
_TEXT, _ROOM = 560, 410


@dataclass(frozen=True, slots=True)
class BadgePicture:
    """A badge as finished strings."""

    medal: Medal
    #: What happened: "新しいバッジ".
    headline: str
    name: str
    #: What earns it.
    how: str
    #: When, or how far it still is.
    note: str
    shop: str


def draw_badge(badge: BadgePicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels: the medal, its name, and what there is to say of it.

    A new one shines on its own colour; one that was earned or is still locked lies on paper.
    """
    new = badge.medal.state == "new"
    picture = _glory(badge, look) if new else paper((WIDTH, HEIGHT), look)
    ground = look.colours.ground
    struck = medal(badge.medal, _SIDE, ground, look.colours.accent)
    picture.paste(struck, (_MIDDLE[0] - _SIDE // 2, _MIDDLE[1] - _SIDE // 2), struck)
    if new:
        _sparkles(picture)
    ink, soft = (WHITE, "#F6EBD2") if new else (look.colours.ink, look.colours.muted)
    draw = ImageDraw.Draw(picture)
    _write(picture, draw, badge, look, ink=ink, soft=soft, new=new)
    return jpeg(picture)


def _write(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    badge: BadgePicture,
    look: Look,
    *,
    ink: str,
    soft: str,
    new: bool,
) -> None:
    name = wrapped(badge.name, "bold", width=_ROOM, size=62, size_min=36, lines_max=3)
    height = len(name) * name[0].size * 1.22
    top = 330 - height / 2
    label = fitted(badge.headline, "bold", width=_ROOM - 44, size=30, size_min=22)
    pill = rounded(round(label.width) + 44, 54, 27)
    back, on_back = ("#F3D58B", "#3A2508") if new else (look.colours.accent, WHITE)
    if badge.medal.state == "locked":
        back, on_back = mix(look.colours.ground, "#8A857C", share=0.3), look.colours.ink
    fill(picture, pill, (_TEXT, round(top) - 74), back)
    draw_line(draw, (_TEXT + 22, round(top) - 36), label, on_back)
    foot = draw_lines(draw, (_TEXT, top + name[0].size), name, ink, leading=1.22)
    how = wrapped(badge.how, "regular", width=_ROOM, size=32, size_min=24, lines_max=2)
    foot = draw_lines(draw, (_TEXT, foot + 62), how, soft, leading=1.25)
    note = fitted(badge.note, "regular", width=_ROOM, size=28, size_min=20)
    draw_line(draw, (_TEXT, foot + 50), note, soft)
    if look.logo is not None and not new:
        logo = scaled(look.logo, 220, 60)
        at = WIDTH - 44 - logo.width, HEIGHT - 40 - logo.height
        put_logo(picture, logo, at, look.colours.ground)
    else:
        shop = fitted(badge.shop, "regular", width=_ROOM, size=26, size_min=20)
        draw_line(draw, (WIDTH - 44, HEIGHT - 42), shop, soft, align="r")


def _glory(badge: BadgePicture, look: Look) -> Image.Image:
    """The badge's own colour, deep, with rays from behind the medal."""
    colour = enamel(badge.medal.tone, look.colours.accent)
    picture = gradient(
        (WIDTH, HEIGHT), mix(colour, BLACK, share=0.3), mix(colour, BLACK, share=0.66)
    )
    shine(picture, _MIDDLE, "#FFE6A8", strength=0.2)
    return picture


def _sparkles(picture: Image.Image) -> None:
    for dx, dy, size in ((-236, -190, 30), (214, -222, 40), (-228, 186, 24), (196, 216, 28)):
        fill(picture, sparkle(size), (_MIDDLE[0] + dx, _MIDDLE[1] + dy), "#FFF3CF")
