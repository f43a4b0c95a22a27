"""How a shop's pictures look: its colours, its pattern, and its own art, opened once and kept."""

import hashlib
import io
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from PIL import Image

from .theme import Palette, Texture, palette

#: An art file has at most so many bytes, and so many pixels a side.
ART_BYTES_MAX = 2_000_000
ART_SIDE_MIN, ART_SIDE_MAX = 64, 4_096
#: Larger than this is never drawn, so it is made smaller when it is opened.
_SIDE_KEPT = 1_400
_PNG = b"\x89PNG\r\n\x1a\n"


class UnusableArt(ValueError):
    """A picture of the shop's own that can't be used. `code` says why (`problem.art_<code>` in the
    texts), with `values`, for whoever made it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Art:
    """A picture of the shop's own, with or without transparency. Equal if its file is."""

    digest: str
    image: Image.Image = field(compare=False, repr=False)


def open_art(data: bytes) -> Art:
    """The picture in a PNG file. Raises UnusableArt.

    Its size is read from the head before anything is unpacked, so that a small file can't become
    a huge picture.
    """
    if len(data) > ART_BYTES_MAX:
        mb = f"{len(data) / 1e6:.1f}"
        raise UnusableArt("large", mb=mb, most=ART_BYTES_MAX // 1_000_000)
    if not data.startswith(_PNG):
        raise UnusableArt("no_png")
    width, height = _size_in_head(data)
    if not all(ART_SIDE_MIN <= side <= ART_SIDE_MAX for side in (width, height)):
        size = f"{width} × {height}"
        raise UnusableArt("sides", size=size, least=ART_SIDE_MIN, most=ART_SIDE_MAX)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
            is_moving = getattr(opened, "n_frames", 1) != 1
            image = opened.convert("RGBA")
    except Exception as problem:
        raise UnusableArt("damaged") from problem
    if is_moving:
        raise UnusableArt("moves")
    if image.getchannel("A").getextrema()[1] == 0:
        raise UnusableArt("transparent")
    image.thumbnail((_SIDE_KEPT, _SIDE_KEPT), Image.Resampling.LANCZOS)
    return Art(hashlib.sha256(data).hexdigest()[:16], image.crop(image.getbbox()))


def _size_in_head(data: bytes) -> tuple[int, int]:
    """Width and height as a PNG's first chunk says them (PNG specification, IHDR)."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        raise UnusableArt("damaged")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


@lru_cache(maxsize=48)
def scaled(art: Art, width: int, height: int) -> Image.Image:
    """The art as large as it fits into `width` × `height` pixels."""
    share = min(width / art.image.width, height / art.image.height)
    size = max(1, round(art.image.width * share)), max(1, round(art.image.height * share))
    return art.image.resize(size, Image.Resampling.LANCZOS)


@dataclass(frozen=True, slots=True)
class Look:
    """How a shop looks."""

    #: "#RRGGBB".
    accent: str
    texture: Texture = "waves"
    #: None: it has none.
    logo: Art | None = None
    #: None: it has none.
    mascot: Art | None = None

    @property
    def colours(self) -> Palette:
        return palette(self.accent)
