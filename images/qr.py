"""QR codes (ISO/IEC 18004) of links; the card's is in `card_qr`."""

import io

import segno
from PIL import Image

#: The white margin the standard asks for, in modules.
QUIET_ZONE = 4


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


def link_qr(link: str, *, side: int) -> Image.Image:
    """The QR of a link in black on white ("L"), about `side` pixels wide, margin included.

    Never wider: whole pixels to a module. Error correction Q or better, for paper gets worn.
    """
    qr = segno.make_qr(link, error="q")
    rows = [bytes(0 if dark else 255 for dark in row) for row in qr.matrix_iter(1, QUIET_ZONE)]
    small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    whole = len(rows) * max(1, side // len(rows))
    return small.resize((whole, whole), Image.Resampling.NEAREST)
