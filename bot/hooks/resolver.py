"""What a connection is told when it asks where a name leads to."""

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from .addresses import Lookup, Reach, checked


class CheckingResolver(AbstractResolver):
    """Gives the addresses that were looked at, and no others: the connection goes to one of them,
    while the name stays that of the certificate and of the request."""

    def __init__(self, reach: Reach, ask: Lookup) -> None:
        self._reach, self._ask = reach, ask

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Whatever family is asked for: all that the name has. InsideAddress, or OSError."""
        del family
        loop = asyncio.get_running_loop()
        found = checked(await loop.run_in_executor(None, self._ask, host, port), self._reach)
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        """There is nothing to close."""
