"""Commands that can't go on say so in one sentence."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from bot.line.errors import LineError
from bot.settings import SettingsError
from bot.store import DatabaseUnreachable
from bot.store.history import programs

P = ParamSpec("P")


def command_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Ends a command that can't go on with one sentence instead of a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SettingsError as problem:
            raise click.ClickException("\n".join(problem.problems)) from None
        except programs.NoProgramme as problem:
            raise click.ClickException(str(problem)) from None
        except DatabaseUnreachable as problem:
            raise click.ClickException(str(problem)) from None
        except LineError as problem:
            kind = type(problem).__name__
            raise click.ClickException(
                f"LINE answered with {kind}. `flask --app app doctor` may tell why."
            ) from None

    return run
