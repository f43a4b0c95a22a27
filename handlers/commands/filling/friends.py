"""Who brought whom in the demo: some bring many, most bring nobody."""

#: One in so many was brought by somebody who was there before, by one of so many.
_EVERY, _BY = 5, 3


class Friends:
    """Those who live in the demo already, and may bring others."""

    def __init__(self) -> None:
        self._there: list[tuple[int, int]] = []

    def lives(self, member_id: int, joined_days_ago: int) -> None:
        self._there.append((joined_days_ago, member_id))

    def referrer(self, number: int, joined_days_ago: int) -> int | None:
        """Who brought the `number`th member; None where nobody did."""
        before = [member for days, member in self._there if days > joined_days_ago + 1]
        if number % _EVERY or not before:
            return None
        return before[number // _EVERY % _BY * 7 % len(before)]
