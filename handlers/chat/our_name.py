"""The account's own id, which links need: LINE is asked for it beside the events, not by one."""

from collections.abc import Callable

import structlog

from bot.line.errors import LineError, LineUnavailable

log = structlog.get_logger(__name__)


class OurName:
    """Gives what `ask` said once; LineUnavailable before that."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._known: str | None = None

    def __call__(self) -> str:
        if self._known is None:
            raise LineUnavailable("The account's id is not known yet", maybe_done=False)
        return self._known

    def learn(self) -> bool:
        """Asks, and waits for the answer; gives whether it is known."""
        try:
            self._known = self._ask()
        except LineError as problem:
            log.warning("bot_id_unknown", kind=type(problem).__name__)
        return self._known is not None
