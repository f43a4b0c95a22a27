"""Art that an owner hands in from a browser: opened with care, and kept as the PNG that pictures
are drawn with."""

import io

from PIL import Image, ImageOps

from .look import ART_BYTES_MAX, ART_SIDE_MAX, ART_SIDE_MIN, UnusableArt, open_art

#: What may be handed in: a telephone's photograph is larger than what is kept of it. A PNG, which
#: is unpacked as a whole, has no more pixels than a file of art; a JPEG is read in the size wanted.
UPLOAD_BYTES_MAX, UPLOAD_SIDE_MAX = 10_000_000, 8_000
#: So many pixels a side are kept, or fewer where the file would have more bytes than art may.
_SIDES_KEPT = (1_400, 900, 500)


def art_of_upload(data: bytes) -> bytes:
    """The picture in a PNG or JPEG file, turned upright, without what a camera notes, as a PNG that
    `open_art` opens. Raises UnusableArt."""
    if len(data) > UPLOAD_BYTES_MAX:
        mb = f"{len(data) / 1e6:.1f}"
        raise UnusableArt("large", mb=mb, most=UPLOAD_BYTES_MAX // 1_000_000)
    if b"<svg" in data[:2_000].lower():
        raise UnusableArt("svg")
    image = _opened(data)
    for side in _SIDES_KEPT:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        kept = _png(image)
        if len(kept) <= ART_BYTES_MAX:
            break
    open_art(kept)
    return kept


def _opened(data: bytes) -> Image.Image:
    try:
        # The head alone: its size is looked at before anything is unpacked.
        opened = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
    except Exception as problem:
        raise UnusableArt("no_picture") from problem
    with opened:
        most = ART_SIDE_MAX if opened.format == "PNG" else UPLOAD_SIDE_MAX
        if not all(ART_SIDE_MIN <= side <= most for side in opened.size):
            size = "{} × {}".format(*opened.size)
            raise UnusableArt("sides", size=size, least=ART_SIDE_MIN, most=most)
        if getattr(opened, "n_frames", 1) != 1:
            raise UnusableArt("moves")
        try:
            opened.draft("RGB", (_SIDES_KEPT[0], _SIDES_KEPT[0]))
            return ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as problem:
            raise UnusableArt("damaged") from problem


def _png(image: Image.Image) -> bytes:
    # A new picture has none of the file's own notes.
    plain = Image.new("RGBA", image.size)
    plain.paste(image)
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()
