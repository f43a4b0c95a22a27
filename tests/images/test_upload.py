"""What an owner hands in is opened with care, and kept as a PNG that pictures are drawn with."""

import io

import pytest
from PIL import Image

from images.look import ART_BYTES_MAX, UnusableArt, open_art
from images.upload import art_of_upload

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


def file(size: tuple[int, int] = (300, 200), kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#2266AA").save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_becomes_art_of_the_same_look(kind: str) -> None:
    kept = art_of_upload(file(kind=kind))
    art = open_art(kept)
    assert art.image.size == (300, 200)
    red, green, blue, solid = art.image.getpixel((9, 9))  # type: ignore[misc]
    assert abs(red - 0x22) + abs(green - 0x66) + abs(blue - 0xAA) < 9
    assert solid == 255
    assert art_of_upload(kept) == kept, "handed in again it is the same"


def test_a_telephones_photograph_is_turned_upright_made_smaller_and_tells_nothing() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # turned by a quarter
    notes[0x010F] = "Maker of the camera"
    kept = art_of_upload(file((4_000, 3_000), "JPEG", exif=notes))
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.format == "PNG"
        assert opened.height > opened.width
        assert max(opened.size) <= 1_400
    assert b"Maker" not in kept
    assert len(kept) <= ART_BYTES_MAX


def test_what_is_hard_to_keep_small_is_kept_smaller() -> None:
    noise = Image.effect_noise((1_400, 1_400), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    assert len(art_of_upload(out.getvalue())) <= ART_BYTES_MAX


def moving() -> bytes:
    out = io.BytesIO()
    first, second = (Image.new("RGB", (80, 80), each) for each in ("red", "blue"))
    first.save(out, "PNG", save_all=True, append_images=[second])
    return out.getvalue()


def transparent() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (80, 80)).save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """A small file that says it is huge."""
    data = bytearray(file((64, 64)))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "svg"),
        (b"GIF89a", "no_picture"),
        (b"", "no_picture"),
        (file(kind="WEBP"), "no_picture"),
        (file()[:90], "damaged"),
        (file((40, 400)), "sides"),
        (file((8_100, 70), "JPEG"), "sides"),
        # Pillow itself opens none that is so large.
        (bomb(), "no_picture"),
        (moving(), "moves"),
        (transparent(), "transparent"),
        (b"\x89PNG\r\n\x1a\n" + bytes(10_000_001), "large"),
    ],
)
def test_what_is_no_picture_of_ours_is_told_by_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(UnusableArt) as no:
        art_of_upload(data)
    assert no.value.code == code
