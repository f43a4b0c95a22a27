import io

import pytest
from PIL import Image

from images.photo import photo


def file_of(size: tuple[int, int], kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size).save(out, kind, **more)
    return out.getvalue()


def made(data: bytes) -> tuple[bytes, tuple[int, int]]:
    found = photo(data)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("size", "fits"), [((2_048, 1_024), (1_024, 512)), ((300, 200), (300, 200))]
)
def test_a_photo_is_as_large_as_a_message_shows_it(
    size: tuple[int, int], fits: tuple[int, int]
) -> None:
    for kind in ("PNG", "JPEG"):
        data, told = made(file_of(size, kind))
        assert told == fits
        with Image.open(io.BytesIO(data)) as opened:
            assert (opened.format, opened.size) == ("JPEG", fits)
        assert len(data) < 1_000_000


def test_it_is_turned_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    data, size = made(file_of((40, 20), "JPEG", exif=exif))
    assert size == (20, 40)
    assert b"A camera" not in data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        file_of((9, 9), "GIF"),
        file_of((9, 9), "PNG")[:40],
        file_of((8_001, 9), "PNG"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert photo(data) is None
