"""What every kind of message is: frozen data, from which a text is made when it is sent."""

from pydantic import BaseModel, ConfigDict


class SayKind(BaseModel):
    """Its `kind`, with a default, is what the outbox knows it as."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def journey(cls) -> str:
        """What messages of this kind are queued as."""
        return str(cls.model_fields["kind"].default)
