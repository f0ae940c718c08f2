"""What content hands to channels: one message, ready to go. The only type that both know."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """One email as bytes on the wire would be, and its envelope."""

    message_id: int  # our messages.id; the sender reports by it
    to: str = field(repr=False)  # envelope recipient, an RFC 5321 address; never logged
    envelope_from: str = field(repr=False)
    mime: bytes = field(repr=False)  # RFC 5322 with CRLF line ends
    reference: str = ""  # the Message-ID without angle brackets, the same on every attempt
    wire_ready: bool = False  # known: CRLF alone ends its lines, the last one too, and none begins with a dot

    @property
    def units(self) -> int:
        """What it takes from a rate limit: emails count one."""
        return 1


@dataclass(frozen=True, slots=True)
class RenderedSms:
    """One text. `segments` is what carriers bill and limit (rules.sms.segments)."""

    message_id: int
    to: str = field(repr=False)  # E.164
    body: str = field(repr=False)
    segments: int = 1
    valid_for: int | None = None  # seconds that the provider may hold it before giving up; None: its default
    tells_stop: bool = False  # it says how to stop
    private: bool = False  # the provider is to keep neither words nor number
    reference: str = ""  # ours (rules.references), where the provider is to say what became of it

    @property
    def units(self) -> int:
        return self.segments


Rendered = RenderedEmail | RenderedSms
