"""Numbers of people and of messages, in words."""


def people(number: int) -> str:
    """`1 person`, `1,204 people`."""
    return "1 person" if number == 1 else f"{number:,} people"


def messages(number: int) -> str:
    """`1 message`, `1,204 messages`."""
    return "1 message" if number == 1 else f"{number:,} messages"
