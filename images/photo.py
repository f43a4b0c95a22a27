"""Photographs that a shop hands in: opened with care, and made as large as messages show them."""

import io

from PIL import Image, ImageOps

from .paint import jpeg

#: A message shows pictures up to so many pixels a side (Messaging API reference, Flex image).
SIDE_MAX = 1024
#: What is handed in.
PHOTO_BYTES_MAX, PHOTO_SIDE_MAX = 10_000_000, 8_000


def photo(data: bytes) -> tuple[bytes, tuple[int, int]] | None:
    """The picture in a PNG or JPEG file as a JPEG, turned upright, without what a camera notes of
    where and when; and its size. None for what is no such file, or too large a one."""
    if len(data) > PHOTO_BYTES_MAX:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as opened:
            # The size is in the head: a small file mustn't become a huge picture.
            if max(opened.size) > PHOTO_SIDE_MAX:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception:
        # Whatever is wrong with it: Pillow says it in many ways.
        return None
    upright.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    return jpeg(ground), ground.size
