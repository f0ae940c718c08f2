"""How often strangers may ask the site for something, and why so often. Data: change it here."""

from dataclasses import dataclass

from dispatcher.rules.rates import Rate

_HOUR, _DAY = 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, and then again as `rate` brings them back."""

    burst: int
    rate: Rate


# What is asked for -> what it is counted by -> how much of it. The parts that a request doesn't have don't
# count. `network` is a /24 or a /48: a household, a school, or a whole neighbourhood behind one carrier's
# gateway, so it is wide; `address` is the person that a message would go to, who is the one to be kept from
# a flood; `domain` is that of the email address: a list of made-up addresses at one small provider mustn't
# cost us our name there; `block` is a number without its last four digits.
WEB_LIMITS: dict[str, dict[str, Allowance]] = {
    "join": {
        "network": Allowance(20, Rate(60, _HOUR)),  # a table at a rally signs people up from one connection
        "address": Allowance(3, Rate(6, _DAY)),  # mistakes are made; a stranger's is typed in once or twice
        "domain": Allowance(200, Rate(600, _HOUR)),  # gmail.com, on the best day of the year
        "block": Allowance(30, Rate(60, _HOUR)),  # +1312555....: some are paid for texts to a block of theirs
    },
    "lost": {  # "we send you your link": a form that writes to whoever is named
        "network": Allowance(10, Rate(30, _HOUR)),
        "address": Allowance(2, Rate(4, _DAY)),
        "domain": Allowance(50, Rate(200, _HOUR)),
    },
    "code": {  # six digits, good for minutes: whoever guesses has a handful of tries in a million
        "address": Allowance(5, Rate(5, _HOUR)),
        "network": Allowance(30, Rate(60, _HOUR)),
    },
    "api": {  # an organisation's own site, by its key; a form there has its own visitors behind it
        "key": Allowance(120, Rate(600, 60.0)),
    },
    "actions": {  # a site where people act, by its key: a petition on the evening news
        "key": Allowance(1000, Rate(6000, 60.0)),
    },
    "api_refused": {  # keys that don't exist: nobody mistypes 43 letters ten times
        "network": Allowance(10, Rate(60, _HOUR)),
    },
}
