"""The nouns. Importing this package maps every table."""

from dispatcher.models.action import Action, ActionBatch, UnplacedAct
from dispatcher.models.address_change import AddressChange
from dispatcher.models.alarm import Alarm
from dispatcher.models.alert import Alert, Chunk
from dispatcher.models.api_key import ApiKey
from dispatcher.models.attribute_value import AttributeValue
from dispatcher.models.base import Base
from dispatcher.models.campaign import Campaign
from dispatcher.models.consent import ConsentEvent, Disclosure, ImportBatch, Subscription
from dispatcher.models.daily_use import DailyUse
from dispatcher.models.delivery_log import DeliveryLogEntry
from dispatcher.models.edition import Edition
from dispatcher.models.hold import HeldForgetting, Hold
from dispatcher.models.installation import Installation
from dispatcher.models.journal import JournalAhead, JournalEntry
from dispatcher.models.mailbox import Mailbox, MailTaken
from dispatcher.models.message import Message
from dispatcher.models.notice import Notice
from dispatcher.models.provider_event import ProviderEvent
from dispatcher.models.reply import Answer, ErasureAsked, Reply, TextTaken
from dispatcher.models.retention import AlertTotal, Closing, LastHeard, Part
from dispatcher.models.short_link import ShortLink
from dispatcher.models.sign_off import SignOff
from dispatcher.models.sign_up import SignUp, SignUpAddress
from dispatcher.models.spent_token import SpentToken
from dispatcher.models.staff_act import StaffAct
from dispatcher.models.stop_told import StopTold
from dispatcher.models.strike import Strike, StrikesRead
from dispatcher.models.subscriber import List, Subscriber
from dispatcher.models.suppression import Suppression
from dispatcher.models.visit import LinkCount, Visit
from dispatcher.models.webhook import Webhook, WebhookAlert, WebhookCursor, WebhookDelivery

__all__ = [
    "Action",
    "ActionBatch",
    "AddressChange",
    "Alarm",
    "Alert",
    "AlertTotal",
    "Answer",
    "ApiKey",
    "AttributeValue",
    "Base",
    "Campaign",
    "Chunk",
    "Closing",
    "ConsentEvent",
    "DailyUse",
    "DeliveryLogEntry",
    "Disclosure",
    "Edition",
    "ErasureAsked",
    "HeldForgetting",
    "Hold",
    "ImportBatch",
    "Installation",
    "JournalAhead",
    "JournalEntry",
    "LastHeard",
    "LinkCount",
    "List",
    "MailTaken",
    "Mailbox",
    "Message",
    "Notice",
    "Part",
    "ProviderEvent",
    "Reply",
    "ShortLink",
    "SignOff",
    "SignUp",
    "SignUpAddress",
    "SpentToken",
    "StaffAct",
    "StopTold",
    "Strike",
    "StrikesRead",
    "Subscriber",
    "Subscription",
    "Suppression",
    "TextTaken",
    "UnplacedAct",
    "Visit",
    "Webhook",
    "WebhookAlert",
    "WebhookCursor",
    "WebhookDelivery",
]
