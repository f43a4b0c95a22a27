"""Barcodes of lines: JAN-13 (ISO/IEC 15420, EAN-13) and Code 128 (ISO/IEC 15417)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from barcode.codex import Code128
from barcode.ean import EuropeanArticleNumber13
from PIL import Image

#: The white that the standards ask for before and after the bars, in modules.
_QUIET = {"jan13": (11, 7), "code128": (10, 10)}
#: Of an element on a page: high enough for a scanner held by hand.
_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode as finished strings."""

    kind: Literal["jan13", "code128"]
    #: What the bars say.
    text: str
    #: The same to be read by people.
    readable: str


@lru_cache(maxsize=256)
def modules(barcode: Barcode) -> str:
    """A letter for each module, "1" for a bar's and "0" for a gap's, quiet zones included."""
    before, after = _QUIET[barcode.kind]
    drawn = EuropeanArticleNumber13 if barcode.kind == "jan13" else Code128
    return "0" * before + str(drawn(barcode.text).build()[0]) + "0" * after


def bars(barcode: Barcode, *, module: int, height: int) -> Image.Image:
    """The bars in black on white ("L"), `module` pixels to a module, quiet zones included."""
    row = modules(barcode)
    line = Image.frombytes("L", (len(row), 1), bytes(0 if dark == "1" else 255 for dark in row))
    return line.resize((len(row) * module, height), Image.Resampling.NEAREST)


def barcode_svg(barcode: Barcode, *, title: str) -> str:
    """The bars as an SVG element of a page, quiet zones included, without any style of its own. It
    fills the room it is given. `title` must not need escaping."""
    row = modules(barcode)
    path = "".join(f"M{x} 0h1v{_HEIGHT}h-1z" for x, dark in enumerate(row) if dark == "1")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(row)} {_HEIGHT}"'
        f' preserveAspectRatio="none" shape-rendering="crispEdges" role="img">'
        f"<title>{title}</title>"
        f'<path fill="#fff" d="M0 0h{len(row)}v{_HEIGHT}H0z"/><path d="{path}"/></svg>'
    )
