"""What the tests of pictures share: looks, opening what was drawn, and what phones do to it."""

import io

import zxingcpp
from PIL import Image, ImageDraw

from images.look import Look, open_art

LOOKS = [
    Look("#8A5A44"),
    Look("#1F6F5C", "stripes"),
    Look("#FFD400", "hemp"),
    Look("#000000", "plain"),
    Look("#FFFFFF", "dots"),
]
RANKS = {
    "none": ("#8A5A44", "#63412F"),
    "bronze": ("#C98C62", "#95603A"),
    "silver": ("#A9B4C2", "#75808F"),
    "gold": ("#D9A441", "#A87416"),
    "night": ("#000000", "#101040"),
    "snow": ("#FFFFFF", "#EEF2FF"),
}
#: Names and shops that are hard to draw.
HARD = [
    "",
    "髙橋 﨑山さん",
    "☕🎉",
    "👨‍👩‍👧 Mika ❤️",
    "とても長い名前をつけるのが好きなさくらとゆかいな仲間たち御一行様です本日も元気",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "שלום مرحبا",
    "\u202eさ\u200bく\u0301ら\ufeff",
    "김민수",
    "\n\t\x00",
]


def opened(data: bytes, *, kind: str = "JPEG") -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == kind
    return picture.convert("RGB")


def art(colour: str = "#D04040", size: tuple[int, int] = (400, 300)) -> bytes:
    """A shop's own picture: a disc on nothing."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((4, 4, size[0] - 4, size[1] - 4), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def with_art(look: Look) -> Look:
    own = open_art(art())
    return Look(look.accent, look.texture, logo=own, mascot=own)


def codes_in(picture: Image.Image) -> list[str]:
    """What an independent reader finds."""
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def shades(picture: Image.Image) -> tuple[int, int]:
    """The darkest and the lightest grey in the picture."""
    counts = picture.convert("L").histogram()
    there = [shade for shade, count in enumerate(counts) if count]
    return there[0], there[-1]


def grey_at(picture: Image.Image, x: int, y: int) -> int:
    """How light a place is, 0 to 255."""
    return picture.convert("L").crop((x, y, x + 1, y + 1)).tobytes()[0]
