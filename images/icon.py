"""The picture beside the shop's messages: square, as LINE shows it in a circle."""

import io
from functools import lru_cache

from PIL import Image

from .look import Art, scaled

#: LINE takes at most 1 MB (Messaging API reference, `sender.iconUrl`): of so many pixels a side no
#: PNG has more.
SIDE = 400


@lru_cache(maxsize=16)
def draw_icon(art: Art) -> bytes:
    """The art as a PNG, with the same length on each side and nothing cut off."""
    square = Image.new("RGBA", (SIDE, SIDE))
    own = scaled(art, SIDE, SIDE)
    square.paste(own, ((SIDE - own.width) // 2, (SIDE - own.height) // 2))
    out = io.BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
