"""Headless Chromium, as it is installed on this machine."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

#: It talks to our own server only.
_ALONE = [
    *("--disable-gpu", "--disable-quic", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--no-first-run"),
]


class NoBrowser(Exception):
    """There is no Chromium: run `apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji`,
    or set CHROMIUM to the path of one."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split())


def chromium() -> str:
    """The path of $CHROMIUM, else of Debian's. NoBrowser if there is none."""
    path = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    if path is None:
        raise NoBrowser
    return path


@contextmanager
def browsing(path: str) -> Iterator[Browser]:
    """The browser at `path`, closed at the end of the block."""
    with sync_playwright() as playwright, launched(playwright, path) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, path: str, flags: Iterable[str] = ()) -> Iterator[Browser]:
    """The same with flags of its own, for who needs more than one browser at a time."""
    browser = playwright.chromium.launch(executable_path=path, args=[*_ALONE, *flags])
    try:
        yield browser
    finally:
        browser.close()
