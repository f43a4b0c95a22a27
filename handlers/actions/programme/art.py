"""Art that an owner hands in: kept by its contents, and named by the programme like a file."""

from bot.store.history import arts
from images.look import UnusableArt
from images.upload import art_of_upload
from rules.checking.caution import Problem

from ..recording.log import note
from ..recording.work import Work


def add_art(work: Work, data: bytes, file: str) -> str | Problem:
    """The name by which the programme can have what stands in that `file`; a problem for what is no
    picture that could be drawn with. The same picture has the same name again."""
    try:
        kept = art_of_upload(data)
    except UnusableArt as unusable:
        return Problem("", f"art_{unusable.code}", unusable.values | {"file": file})
    if arts.add(work.uow, kept, at=work.now) and work.actor is not None:
        note(work, "art_added")
    return arts.name_of_art(kept)
