"""The command about who subscribes: `flask --app app subscribers FILE`."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import click

from handlers.actions.members.subscriber_file import RowOutcome, look_at_rows, take_rows
from rules.editing.subscriber_list import ROWS_MAX, ListKind, read_subscribers
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import WithClub


def subscribers_command(ready: WithClub) -> click.Command:
    """The command `subscribers`."""

    @click.command("subscribers")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--deliveries", is_flag=True, help="The file has deliveries, not days.")
    @click.option("--keep", is_flag=True, help="Note what it says; without it nothing is kept.")
    @command_errors
    def subscribers(file: Path, *, deliveries: bool, keep: bool) -> None:
        """Note who subscribes by the CSV in FILE (docs/owner.md), or say what it would come to.

        The same file does each of its rows once.
        """
        club = ready().club
        kind: ListKind = "deliveries" if deliveries else "days"
        with club.work(key=f"command:{uuid4()}") as work:
            asked = read_subscribers(file.read_bytes(), kind, work.programme.subscriptions)
            if asked.is_broken:
                raise click.ClickException(
                    f"{file} is no CSV of {kind}, is empty, or has more than {ROWS_MAX:,} rows."
                )
            found = (take_rows if keep else look_at_rows)(work, asked)
            words = Words(work.programme, "en")
        for line in _lines(words, found, kept=keep):
            click.echo(line)

    return subscribers


def _lines(words: Words, found: list[RowOutcome], *, kept: bool) -> Iterator[str]:
    for each in found:
        if not each.is_done and not each.is_known:
            yield f"Row {each.row.n}: {refusal_text(words, each.code, 'staff').why}."
    done, known = sum(each.is_done for each in found), sum(each.is_known for each in found)
    yield f"{'Noted' if kept else 'To note'}: {done}; known already: {known}."
    if done and not kept:
        yield "Nothing was kept. Next: the same with --keep."
