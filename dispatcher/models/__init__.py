"""The nouns. Importing this package maps every table."""

from dispatcher.models.alert import Alert, Chunk
from dispatcher.models.base import Base
from dispatcher.models.campaign import Campaign
from dispatcher.models.consent import ConsentEvent, Disclosure, ImportBatch, Subscription
from dispatcher.models.delivery_log import DeliveryLogEntry
from dispatcher.models.edition import Edition
from dispatcher.models.installation import Installation
from dispatcher.models.message import Message
from dispatcher.models.subscriber import List, Subscriber
from dispatcher.models.suppression import Suppression

__all__ = [
    "Alert",
    "Base",
    "Campaign",
    "Chunk",
    "ConsentEvent",
    "DeliveryLogEntry",
    "Disclosure",
    "Edition",
    "ImportBatch",
    "Installation",
    "List",
    "Message",
    "Subscriber",
    "Subscription",
    "Suppression",
]
