"""Screens as files for the docs: the phone cut out of its page, few colours, few bytes."""

from pathlib import Path

from PIL import Image, ImageDraw

from .phone import SCALE

#: The phone's corner and colour, as bot/simulator/static/phone.css has them.
_RADIUS = 56 * SCALE
_FRAME = (0x16, 0x18, 0x1D)
_EDGE = 10
#: The strip above a page that isn't the chat, and the camera's place in it.
_BAR, _ISLAND = 46, (96, 27)
#: A page in a phone, in its own points: as large as leaves a phone like the chat's.
PAGE = (390, 844 - _BAR)
#: A palette has 256 colours: these many for what is seen, the rest for the frame's soft edge.
_COLOURS = 240
_EDGES = 256 - _COLOURS
_SMOOTH = 4


def save_phone(picture: Image.Image, path: Path) -> None:
    """Writes a phone with nothing around its corners."""
    _save(picture, _inside(picture.size, _RADIUS), path)


def save_small(picture: Image.Image, path: Path) -> None:
    """Writes a phone in its own points, for a table."""
    size = (picture.width // SCALE, picture.height // SCALE)
    small = picture.resize(size, Image.Resampling.LANCZOS)
    _save(small, _inside(size, _RADIUS // SCALE), path)


def in_a_phone(page: Image.Image) -> Image.Image:
    """A page of `PAGE` points, photographed in SCALE, as a phone shows it: its frame around it, and
    above it, in the page's own colour, room for the camera."""
    edge, bar = _EDGE * SCALE, _BAR * SCALE
    phone = Image.new("RGB", (page.width + 2 * edge, page.height + bar + 2 * edge), _FRAME)
    screen = Image.new("RGB", (page.width, page.height + bar), page.getpixel((0, 0)))
    screen.paste(page, (0, bar))
    pen = ImageDraw.Draw(screen)
    middle, half = page.width // 2, _ISLAND[0] * SCALE // 2
    top, height = (_BAR - _ISLAND[1]) * SCALE // 2, _ISLAND[1] * SCALE
    box = (middle - half, top, middle + half, top + height)
    pen.rounded_rectangle(box, height // 2, fill=_FRAME)
    phone.paste(screen, (edge, edge), _inside(screen.size, _RADIUS - edge))
    return phone


def save_plain(picture: Image.Image, path: Path) -> None:
    _paletted(picture, 256).save(path, optimize=True)


def save_row(phones: list[Image.Image], path: Path, *, height: int, gap: int) -> None:
    """Writes phones side by side, each `height` pixels tall."""
    scale = height / phones[0].height
    width = round(phones[0].width * scale)
    size = (len(phones) * (width + gap) - gap, height)
    row, mask = Image.new("RGB", size, _FRAME), Image.new("L", size, 0)
    inside = _inside((width, height), round(_RADIUS * scale))
    for number, phone in enumerate(phones):
        at = (number * (width + gap), 0)
        row.paste(phone.resize((width, height), Image.Resampling.LANCZOS), at)
        mask.paste(inside, at)
    _save(row, mask, path)


def _inside(size: tuple[int, int], radius: int) -> Image.Image:
    """White where the phone is, black around its corners."""
    large = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * _SMOOTH, fill=255)
    return large.resize(size, Image.Resampling.LANCZOS)


def _save(picture: Image.Image, mask: Image.Image, path: Path) -> None:
    """Whatever is not wholly inside is the frame's colour, more or less seen through."""
    picture = Image.composite(picture, Image.new("RGB", picture.size, _FRAME), mask.point(_whole))
    paletted = _paletted(picture, _COLOURS)
    colours = (paletted.getpalette() or [])[: 3 * _COLOURS]
    colours += [0] * (3 * _COLOURS - len(colours))
    paletted.putpalette(colours + list(_FRAME) * _EDGES)
    edges = mask.point(lambda seen: _COLOURS + seen * (_EDGES - 1) // 255)
    paletted.paste(edges, mask=mask.point(lambda seen: 255 - _whole(seen)))
    seen = [255] * _COLOURS + [255 * step // (_EDGES - 1) for step in range(_EDGES)]
    paletted.save(path, optimize=True, transparency=bytes(seen))


def _whole(seen: int) -> int:
    return 255 if seen == 255 else 0


def _paletted(picture: Image.Image, colours: int) -> Image.Image:
    """The picture in so many colours, each moved to the middle of what it stands for: surfaces keep
    theirs exactly, and gradients show no steps."""
    return picture.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=1)
