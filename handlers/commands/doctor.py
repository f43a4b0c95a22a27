"""`flask doctor`: is this installation ready for LINE, and what is missing?"""

import click

from bot import VERSION
from handlers.showing.doctor import FindingState, Patient, examine

from .errors import command_errors
from .installation import Installed

_MARKS: dict[FindingState, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "todo": ("✗", "red"),
    "look": ("?", "yellow"),
}


def doctor_command(installed: Installed) -> click.Command:
    """The command `doctor`."""

    @click.command("doctor")
    @click.option("--fix", is_flag=True, help="Set LINE's webhook to here where it is elsewhere.")
    @command_errors
    def doctor(fix: bool) -> None:
        """Is this installation ready for LINE, and what is missing?"""
        click.echo(f"Kayoi {VERSION}")
        found = installed()
        patient = Patient(found.settings, found.club, found.simulator, found.origin.channel)
        findings = list(examine(patient, fix=fix))
        for finding in findings:
            mark, colour = _MARKS[finding.state]
            told = f"{finding.title('en')}: {finding.sentence('en')}"
            click.echo(f"{click.style(mark, fg=colour)} {told}")
        missing = sum(finding.state == "todo" for finding in findings)
        if missing:
            raise click.ClickException(f"{missing} thing(s) to do before going live.")
        click.echo("Ready, as far as a program can see. Look at the lines marked ? yourself.")

    return doctor
