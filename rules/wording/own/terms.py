"""A word of the shop's own as it stands in a text."""


class Term(str):
    """A word of the shop's own in a text. `{points:one}` is a single one of them, `{points:start}`
    begins a heading; Japanese knows neither."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        match form:
            case "one":
                # The shop gives the plural alone ("points", "miles"); one of them has no s.
                return self.removesuffix("s")
            case "start":
                return self[:1].upper() + self[1:]
            case _:
                return str(self)
