"""What a camera sees: a card that is held before it."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.codes import PictureAddress
from tests.journeys.town import Customer, Town

CAMERA = (1280, 720)


def film_of_card(town: Town, customer: Customer, path: Path) -> Path:
    """A film in which the customer's card, as LINE shows it, is held before the camera."""
    member = customer.member
    address = town.club.codes.picture_path(PictureAddress("card", member.number, "1"))
    answer = town.http.get(address)
    assert answer.status_code == 200
    return film_of(Image.open(BytesIO(answer.data)).convert("RGB"), path)


def film_of(card: Image.Image, path: Path) -> Path:
    """A film in which a picture is held before the camera."""
    card.thumbnail((CAMERA[0] - 160, CAMERA[1] - 80))
    scene = Image.new("RGB", CAMERA, "#4a3b30")
    scene.paste(card, ((CAMERA[0] - card.width) // 2, (CAMERA[1] - card.height) // 2))
    frame = BytesIO()
    scene.save(frame, "JPEG", quality=92)
    # A film in Motion JPEG is its pictures, one after the other.
    path.write_bytes(frame.getvalue() * 5)
    return path


def filming_flags(film: Path) -> list[str]:
    """What has a browser see `film` through its camera."""
    return [
        *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
        f"--use-file-for-fake-video-capture={film}",
    ]
