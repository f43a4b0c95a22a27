"""The picture that a member shares: their line, the shop, and that it is advertising."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted
from .grounds import paper, put_logo
from .look import Look, scaled
from .paint import faint, fill, gradient, jpeg, pattern, rounded, shadow
from .theme import BLACK, WHITE, mix

#: As social media show the picture of a link (Open Graph, 1.91 to 1).
WIDTH, HEIGHT = 1024, 536
_MIDDLE = WIDTH // 2
_EDGE = 44
#: The band above, in the shop's colours.
_BAND = 190
_PR = (112, 60)


@dataclass(frozen=True, slots=True)
class SharePicture:
    """What is shared, as finished strings."""

    #: What the member chose to say.
    line: str
    shop: str
    #: What says that it is advertising: 「PR」.
    mark: str
    #: Small, at the foot: what PR means here.
    note: str


def draw_share(share: SharePicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 536 pixels in the shop's own colours."""
    picture = paper((WIDTH, HEIGHT), look)
    _band(picture, share, look)
    draw = ImageDraw.Draw(picture)
    line = fitted(share.line, "bold", width=WIDTH - 2 * _EDGE, size=58, size_min=30)
    draw_line(draw, (_MIDDLE, 410), line, look.colours.accent, align="m")
    _mark(picture, share, look)
    note = fitted(share.note, "regular", width=WIDTH - 2 * _EDGE, size=26, size_min=18)
    draw_line(draw, (_MIDDLE, HEIGHT - 36), note, look.colours.muted, align="m")
    return jpeg(picture)


def _band(picture: Image.Image, share: SharePicture, look: Look) -> None:
    """The shop's logo, or its name, on its own colours."""
    colours, size = look.colours, (WIDTH - 2 * _EDGE, _BAND)
    cloth = rounded(*size, 26)
    shadow(picture, cloth, (_EDGE, _EDGE + 8), blur=14, share=0.3)
    dyed = gradient(size, colours.back, colours.back_end, angle=60)
    dyed.paste(colours.on_back, (0, 0), faint(pattern(size, look.texture, scale=46), 0.14))
    picture.paste(dyed, (_EDGE, _EDGE), cloth)
    middle = _EDGE + _BAND // 2
    if look.logo is not None:
        logo = scaled(look.logo, 460, _BAND - 60)
        put_logo(
            picture, logo, (_MIDDLE - logo.width // 2, middle - logo.height // 2), colours.back
        )
        return
    shop = fitted(share.shop, "bold", width=size[0] - 80, size=64, size_min=30)
    draw_line(ImageDraw.Draw(picture), (_MIDDLE, middle + 22), shop, colours.on_back, align="m")


def _mark(picture: Image.Image, share: SharePicture, look: Look) -> None:
    """That it is advertising, too large to be overlooked and off every edge that is cut away."""
    width, height = _PR
    at = _MIDDLE - width // 2, _EDGE + _BAND + 16
    fill(
        picture, rounded(width, height, height // 2), at, mix(look.colours.accent, BLACK, share=0.3)
    )
    said = fitted(share.mark, "bold", width=width - 30, size=38, size_min=24)
    draw_line(ImageDraw.Draw(picture), (_MIDDLE, at[1] + height // 2 + 14), said, WHITE, align="m")
