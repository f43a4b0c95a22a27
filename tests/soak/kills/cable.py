"""A cable between two of ours that can be cut: a TCP proxy on this machine."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

#: How it is: as it should be; nobody listens, and what was connected is reset; everything takes its
#: time; what comes is accepted and led nowhere; or each connection is reset once something is said.
State = Literal["whole", "cut", "slow", "half_open", "resets"]

SLOW_SECONDS = 0.1
_CHUNK = 65_536
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """One cable, whose state may be changed by any thread. `opens` connects to its other end."""

    def __init__(self, wires: "Wires", opens: Callable[[], Awaitable[Streams]]) -> None:
        self._wires, self._opens = wires, opens
        self._state: State = "whole"
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Event()
        self.port = 0

    @property
    def is_used(self) -> bool:
        """Whether anybody is connected by it."""
        return bool(self._ends)

    def becomes(self, state: State) -> None:
        """Changes it, and returns when it is so."""
        self._wires.runs(self._become(state))

    async def listens(self) -> None:
        self._server = await asyncio.start_server(self._joins, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def ends(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def _become(self, state: State) -> None:
        before, self._state = self._state, state
        self._changed.set()
        self._changed = asyncio.Event()
        if state in ("cut", "resets") or before == "half_open":
            # What was said into nothing is lost: nobody may go on as if it had arrived.
            for end in list(self._ends):
                end.transport.abort()
        if state == "cut":
            await self.ends()
        elif self._server is None:
            await self.listens()

    async def _joins(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            if self._state == "half_open":
                await self._changed.wait()
                return
            await self._joined(reader, writer)
        except OSError:
            """Its other end isn't there: this one hears so by being closed."""
        finally:
            self._ends.discard(writer)
            writer.transport.abort()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other = await self._opens()
        self._ends.add(other)
        both = {
            asyncio.create_task(self._carries(reader, other)),
            asyncio.create_task(self._carries(other_reader, writer)),
        }
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            self._ends.discard(other)
            other.transport.abort()

    async def _carries(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(_CHUNK):
            if self._state == "half_open":
                await self._changed.wait()
                return
            if self._state == "resets":
                return
            if self._state == "slow":
                await asyncio.sleep(SLOW_SECONDS)
            writer.write(said)
            await writer.drain()
        with suppress(OSError):
            await writer.drain()


class Wires:
    """The thread that all cables of a town are laid in."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._cables: list[Cable] = []

    def to_port(self, port: int) -> Cable:
        return self._laid(lambda: asyncio.open_connection("127.0.0.1", port))

    def to_socket(self, path: str) -> Cable:
        return self._laid(lambda: asyncio.open_unix_connection(path))

    def runs(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result()

    def _laid(self, opens: Callable[[], Awaitable[Streams]]) -> Cable:
        cable = Cable(self, opens)
        self.runs(cable.listens())
        self._cables.append(cable)
        return cable

    @contextmanager
    def laid(self) -> Iterator["Wires"]:
        self._thread.start()
        try:
            yield self
        finally:
            for cable in self._cables:
                self.runs(cable.ends())
            self.runs(_all_ended())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


async def _all_ended() -> None:
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
