"""A member's own pages in the browser: `/card` and what is below it, in a session that a link from
the chat begins; and a reward about to be used, whose link is the secret itself."""

from . import came_from, live, mini_app, sections, selecting, shell, use
from .mini_app import install
from .reader import pages

__all__ = [
    "came_from",
    "install",
    "live",
    "mini_app",
    "pages",
    "sections",
    "selecting",
    "shell",
    "use",
]
