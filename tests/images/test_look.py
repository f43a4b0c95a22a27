import io
import struct
import zlib

import pytest
from PIL import Image

from images.grounds import put_logo
from images.look import ART_BYTES_MAX, UnusableArt, open_art, scaled
from tests.images.pictures import art


def png(size: tuple[int, int], mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, "PNG")
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it has `side` × `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IEND", b"")


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def test_art_is_opened_once_cropped_and_made_small_enough() -> None:
    opened = open_art(art(size=(3_000, 2_000)))
    assert max(opened.image.size) <= 1_400
    assert opened.image.mode == "RGBA"
    assert opened == open_art(art(size=(3_000, 2_000)))
    assert opened != open_art(art("#0000FF"))
    assert max(scaled(opened, 200, 100).size) <= 200
    assert scaled(opened, 200, 100).height <= 100


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no_png"),
        (b"\xff\xd8\xff\xe0 a jpeg", "no_png"),
        (art()[:200], "damaged"),
        (bomb(60_000), "sides.*60000 × 60000"),
        (bomb(2_000), "damaged"),
        (png((63, 200)), "sides"),
        (png((64, 4_097), "L"), "sides"),
        (moving(), "moves"),
        (art() + b"\0" * ART_BYTES_MAX, "large"),
    ],
)
def test_what_can_not_be_used_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnusableArt, match=why):
        open_art(data)


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_art_without_transparency_is_good_too(mode: str) -> None:
    assert open_art(png((100, 100), mode)).image.size == (100, 100)


def test_art_without_anything_to_see_is_refused() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(out, "PNG")
    with pytest.raises(UnusableArt, match="transparent"):
        open_art(out.getvalue())


@pytest.mark.parametrize("logo", ["#000000", "#FFFFFF", "#8A5A44"])
@pytest.mark.parametrize("ground", ["#000000", "#FFFFFF", "#8A5A44"])
def test_a_logo_is_seen_on_every_ground(logo: str, ground: str) -> None:
    own = scaled(open_art(art(logo)), 200, 100)
    picture = Image.new("RGB", (300, 200), ground)
    put_logo(picture, own, (50, 50), ground)
    middle, beside = (50 + own.width // 2, 50 + own.height // 2), (52, 45)
    here, there = (picture.getpixel(place) for place in (middle, beside))
    assert here != there
