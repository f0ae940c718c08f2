"""The nouns. Importing this package maps every table."""

from dispatcher.models.alarm import Alarm
from dispatcher.models.alert import Alert, Chunk
from dispatcher.models.base import Base
from dispatcher.models.campaign import Campaign
from dispatcher.models.consent import ConsentEvent, Disclosure, ImportBatch, Subscription
from dispatcher.models.daily_use import DailyUse
from dispatcher.models.delivery_log import DeliveryLogEntry
from dispatcher.models.edition import Edition
from dispatcher.models.installation import Installation
from dispatcher.models.journal import JournalAhead, JournalEntry
from dispatcher.models.message import Message
from dispatcher.models.short_link import ShortLink
from dispatcher.models.sign_off import SignOff
from dispatcher.models.stop_told import StopTold
from dispatcher.models.subscriber import List, Subscriber
from dispatcher.models.suppression import Suppression

__all__ = [
    "Alarm",
    "Alert",
    "Base",
    "Campaign",
    "Chunk",
    "ConsentEvent",
    "DailyUse",
    "DeliveryLogEntry",
    "Disclosure",
    "Edition",
    "ImportBatch",
    "Installation",
    "JournalAhead",
    "JournalEntry",
    "List",
    "Message",
    "ShortLink",
    "SignOff",
    "StopTold",
    "Subscriber",
    "Subscription",
    "Suppression",
]
