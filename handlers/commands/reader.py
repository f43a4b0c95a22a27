"""The language in which a command speaks: that of whoever reads it."""

import re

import click

from rules.base import LANGS

#: What a locale looks like: ja_JP.UTF-8, en_GB, C.UTF-8, POSIX.
_LOCALE = re.compile(r"([a-z]{2,3})_[A-Za-z]+([.@].*)?|(C|POSIX)([.@].*)?")


class ReadersLanguage(click.ParamType[str]):
    """A language, or the locale of a terminal: Japanese reads Japanese, and so does who says
    nothing (C); everybody else English."""

    name = "|".join(LANGS)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in LANGS:
            return value
        locale = _LOCALE.fullmatch(value)
        if locale is None:
            self.fail(f"{value!r} is not one of: {', '.join(LANGS)}", param, ctx)
        return "ja" if locale[1] in ("ja", None) else "en"


#: Who doesn't name a language has said it to the terminal, as every program reads it (POSIX).
LANG = click.option(
    "--lang",
    type=ReadersLanguage(),
    envvar=["LC_ALL", "LC_MESSAGES", "LANG"],
    default="ja",
    help="The language of the answer; the terminal's, if not named.",
)
