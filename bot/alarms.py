"""Whom an installation tells how its nights went: people, by whatever way Apprise knows, and a
check that calls when it hears nothing for too long. Neither is waited for longer than some seconds,
and what fails is told to the log, without an address: those open what they lead to."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

_SECONDS_MAX = 10.0
_OK, _REDIRECTS = 200, 300

log = structlog.get_logger("alarms")


@dataclass(frozen=True, slots=True)
class Alarms:
    """Those who are told."""

    #: As Apprise writes addresses.
    people: tuple[SecretStr, ...] = ()
    check: SecretStr | None = None

    def tell(self, title: str, body: str) -> bool:
        """Tells the people; whether each of the ways took it. True where nobody is to be told."""
        if not self.people:
            return True
        # Its hundred ways take a while to load, which nobody needs on a good day.
        from apprise import Apprise

        ways = Apprise()
        known = [ways.add(each.get_secret_value()) for each in self.people]
        if not all(known):
            log.error("alarm_address_unknown", number=known.index(False) + 1)
        told = bool(ways.notify(title=title, body=body))
        if not told:
            log.error("alarm_not_told")
        return told and all(known)

    def ping(self) -> bool:
        """Says to the check that all is well; whether it heard. True where there is none."""
        if self.check is None:
            return True
        from urllib3 import PoolManager, Timeout
        from urllib3.exceptions import HTTPError

        address = self.check.get_secret_value()
        try:
            with PoolManager(timeout=Timeout(_SECONDS_MAX), retries=False) as http:
                answer = http.request("GET", address, redirect=False)
        except (HTTPError, ValueError) as problem:
            log.error("ping_failed", reason=type(problem).__name__)
            return False
        heard = _OK <= answer.status < _REDIRECTS
        if not heard:
            log.error("ping_failed", status=answer.status, host=urlsplit(address).hostname)
        return heard
