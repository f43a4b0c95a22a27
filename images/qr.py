"""QR codes (ISO/IEC 18004): for the card, and for whatever a page shows."""

import io

import segno
from PIL import Image

#: The white margin the standard asks for, in modules.
QUIET_ZONE = 4
CARD_VERSION = 6
#: A card's QR with its margin is so many modules wide: version 6 has 41.
CARD_MODULES = 17 + 4 * CARD_VERSION + 2 * QUIET_ZONE


def card_qr(code: str, *, module: int) -> Image.Image:
    """The QR of a card's code in black on white ("L"), `module` pixels each, margin included.

    Always version 6-M in alphanumeric mode, so that every card looks alike. ValueError when the
    code has more than 154 characters, or others than this mode knows.
    """
    qr = segno.make_qr(
        code, version=CARD_VERSION, error="m", mode="alphanumeric", boost_error=False
    )
    rows = [bytes(0 if dark else 255 for dark in row) for row in qr.matrix_iter(1, QUIET_ZONE)]
    small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    side = len(rows) * module
    return small.resize((side, side), Image.Resampling.NEAREST)


def link_svg(link: str, *, title: str) -> str:
    """The QR of a link as an SVG element of a page, margin included, without any style of its own.

    It fills the room it is given. Error correction M or, where it costs no room, better.
    """
    out = io.BytesIO()
    segno.make_qr(link, error="m").save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        title=title,
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()
