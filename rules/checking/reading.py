"""A programme file read: the programme, or all that is wrong with it."""

import json
import tomllib
from dataclasses import dataclass

from pydantic import ValidationError

from ..base import Lang
from ..journeys.programme import WholeProgramme
from .caution import Problem
from .cross_references import dangling
from .journey_problems import own_word_problems
from .schema_errors import from_validation
from .toml_slips import slips
from .unreachable import unreachable

#: How Japanese editors save a file that isn't UTF-8, by the name that people know it by.
_ENCODINGS = {"cp932": "Shift-JIS", "euc_jp": "EUC-JP"}
#: The marks that UTF-16 begins with.
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class InvalidProgramme:
    """A programme that can't be used, and everything that is wrong with it."""

    problems: tuple[Problem, ...]

    def listed(self, lang: Lang) -> str:
        """All of it, a line each."""
        return "\n".join(problem.line(lang) for problem in self.problems)


def decode(contents: bytes) -> str | InvalidProgramme:
    """The text of a programme's file, which is UTF-8."""
    try:
        # An editor's byte-order mark is nobody's fault.
        return contents.decode("utf-8-sig")
    except UnicodeDecodeError:
        name = _encoding(contents)
    problem = Problem("program.toml", "encoding", {"name": name} if name else {})
    return InvalidProgramme((problem if name else Problem("program.toml", "encoding_unknown"),))


def _encoding(contents: bytes) -> str | None:
    """What else it is saved as; None where nothing fits. Of two that fit, the one that reads as
    more kana: the other makes it rare characters."""
    if contents.startswith(_UTF16):
        return "UTF-16"
    kana: dict[str, int] = {}
    for codec, name in _ENCODINGS.items():
        try:
            read = contents.decode(codec)
        except UnicodeDecodeError:
            continue
        kana[name] = sum("\u3041" <= letter <= "\u30ff" for letter in read)
    likeliest = max(kana, key=lambda name: kana[name], default=None)
    return likeliest if likeliest and kana[likeliest] else None


def review(text: str) -> WholeProgramme | InvalidProgramme:
    """The programme written in `text` as it may be published: nothing is in it that can't happen,
    and no text that can't be said. What was published before that was asked stays readable by
    `parse`."""
    programme = parse(text)
    if isinstance(programme, InvalidProgramme):
        return programme
    problems = (*unreachable(programme), *own_word_problems(programme))
    return InvalidProgramme(problems) if problems else programme


def parse(text: str) -> WholeProgramme | InvalidProgramme:
    """The programme written in `text` (TOML), or all its problems, each with its path.

    Values must be of the very type: `quiet_from = 22` is no time, and `points = "10"` no number.
    """
    try:
        data = tomllib.loads(text)
        # By way of JSON, since pydantic's strict mode takes TOML's lists and dates only from there.
        values = json.dumps(data, default=str)
    except (ValueError, RecursionError):
        unreadable = (Problem("program.toml", "toml_unreadable"),)
        return InvalidProgramme(tuple(slips(text)) or unreadable)
    try:
        programme = WholeProgramme.model_validate_json(values, strict=True)
    except ValidationError as problem:
        return InvalidProgramme(from_validation(problem, data, WholeProgramme))
    problems = dangling(programme)
    return InvalidProgramme(problems) if problems else programme
