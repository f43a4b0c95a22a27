"""The table of contents of an export: what is in it, and by what one sees that it is whole."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import KayoiError
from bot.store.leaving.kinds import FieldKind

#: The format that is written, and read.
FORMAT = 1
NAME = "manifest.json"
#: No manifest of ours comes near it.
BYTES_MAX = 8_000_000
#: Longer than any line of ours, and larger than any picture.
LINE_MAX, PICTURE_MAX = 16_000_000, 32_000_000

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
#: A table's or a field's name.
Named = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class UnusableExport(KayoiError):
    """This is no export of ours, or not a whole one."""


class _Untrusted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileInExport(_Untrusted):
    """A file, by which one sees that nothing of it was lost or changed."""

    bytes: int = Field(ge=0)
    sha256: Sha256


class TableInExport(FileInExport):
    """The file of a table: its rows, and its fields with how each is written."""

    rows: int = Field(ge=0)
    fields: dict[Named, FieldKind]


class ProgrammeInExport(_Untrusted):
    """A version of the programme, which is a row of `programs` too."""

    number: int
    since: str
    sha256: Sha256


class Manifest(_Untrusted):
    """All of it."""

    format: int
    kayoi: str
    #: The database's schema: the number of the last migration.
    schema_head: Annotated[str, StringConstraints(pattern=r"^[0-9a-z_]{1,40}$")]
    made_at: str
    #: What tells one SECRET_KEY from another, and nothing of it.
    secret_key_mark: str
    programmes: list[ProgrammeInExport]
    tables: dict[Named, TableInExport]
    #: Pictures, by their names in the export.
    files: dict[str, FileInExport]
    #: Tables that aren't in it, each with why.
    left_out: dict[str, str]
    #: How much of these was under way, and isn't in it.
    under_way: dict[str, int]


class _Kind(BaseModel):
    """As much of any manifest as says how to read it."""

    format: int


def written(manifest: Manifest) -> bytes:
    return manifest.model_dump_json(indent=1).encode() + b"\n"


def read(data: bytes) -> Manifest:
    """UnusableExport for what is none, or one of another format."""
    try:
        kind = _Kind.model_validate_json(data).format
        if kind > FORMAT:
            raise UnusableExport(
                f"It was made by a newer Kayoi (format {kind}): bring this one up to date first."
            )
        return Manifest.model_validate_json(data)
    except ValidationError as problem:
        where = ".".join(map(str, problem.errors()[0]["loc"]))
        raise UnusableExport(f"Its {NAME} can't be read ({where or 'no JSON'}).") from None
