"""Why a message waits, or won't go out, in the words of the console."""

#: Why something waits, and why something won't go out; all else is trouble.
WAITS = (
    "turn", "quiet", "cap_day", "cap_week", "cap_month", "priority", "quota", "rest",
    "not_yet_true", "halted",
)  # fmt: skip
ENDED = (
    "no_longer_true", "too_late", "topic", "blocked", "unreachable", "left", "paused", "erased",
    "undone", "held_out", "other_audience", "uncertain", "withdrawn", "moved",
)  # fmt: skip


def waits_text(reason: str | None) -> str:
    """The text of why something waits; what happened on LINE's side, or on ours, is told as one."""
    reason = reason or "turn"
    return f"owner.quota.waits.{reason if reason in WAITS else 'trouble'}"


def ended_text(status: str, reason: str | None) -> str:
    """The text of why something that ended so didn't go out."""
    is_own = status == "skipped" or reason == "other_audience"
    why = (reason if is_own else status) or ""
    return f"owner.quota.ended.{why if why in ENDED else 'trouble'}"
