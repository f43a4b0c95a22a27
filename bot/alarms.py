"""Whom an installation tells how its nights went: people, by whatever way Apprise knows, and a
check that calls when it hears nothing for too long. Neither is waited for longer than some seconds,
and what fails is told to the log, without an address: those open what they lead to."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

_SECONDS_MAX = 10.0
_OK, _REDIRECTS = 200, 300

log = structlog.get_logger("alarms")


@dataclass(frozen=True, slots=True)
class Told:
    """Of how many ways to people how many took it."""

    ways: int
    took: int

    @property
    def by_all(self) -> bool:
        return self.took == self.ways

    @property
    def by_any(self) -> bool:
        """Whether somebody was told; so too where nobody is to be."""
        return self.took > 0 or not self.ways


@dataclass(frozen=True, slots=True)
class Alarms:
    """Those who are told."""

    #: As Apprise writes addresses.
    people: tuple[SecretStr, ...] = ()
    check: SecretStr | None = None

    def tell(self, title: str, body: str) -> Told:
        """Tells the people by each of the ways; one that fails keeps nobody else from hearing."""
        took = [
            self._tell_by(number, each, title, body) for number, each in enumerate(self.people, 1)
        ]
        return Told(len(took), sum(took))

    def _tell_by(self, number: int, address: SecretStr, title: str, body: str) -> bool:
        # Its hundred ways take a while to load, which nobody needs on a good day.
        from apprise import Apprise

        # Its log would hold addresses.
        logging.getLogger("apprise").disabled = True
        way, scheme = Apprise(), urlsplit(address.get_secret_value()).scheme
        if not way.add(address.get_secret_value()):
            log.error("alarm_address_unknown", number=number, scheme=scheme)
            return False
        if not way.notify(title=title, body=body):
            log.error("alarm_not_told", number=number, scheme=scheme)
            return False
        return True

    def ping(self) -> bool:
        """Says to the check that all is well; whether it heard. True where there is none."""
        if self.check is None:
            return True
        from urllib3 import PoolManager, Timeout
        from urllib3.exceptions import HTTPError

        address = self.check.get_secret_value()
        try:
            with PoolManager(timeout=Timeout(_SECONDS_MAX), retries=False) as http:
                # However much it has to say, it is not waited for.
                answer = http.request("GET", address, redirect=False, preload_content=False)
        except (HTTPError, ValueError) as problem:
            log.error("ping_failed", reason=type(problem).__name__)
            return False
        heard = _OK <= answer.status < _REDIRECTS
        if not heard:
            log.error("ping_failed", status=answer.status, host=urlsplit(address).hostname)
        return heard
