"""The tables, by subject. Imported as a whole so that the metadata is complete for migrations."""

from storage.tables.accounts import Account, Invitation, RecoveryCode, SignIn, SignInTry
from storage.tables.answers import Answer, AnswerPlace, Coding
from storage.tables.base import Base
from storage.tables.conversations import Conversation, Delivery, Message, Transfer
from storage.tables.exports import ExportJob
from storage.tables.keeping import (
    AuditChain,
    AuditEntry,
    Deletion,
    FeedbackEntry,
    InboxMessage,
    LastRun,
    OptOut,
    QuarantinedMessage,
    Release,
    SafeguardReply,
)
from storage.tables.ledger import LedgerEntry
from storage.tables.limits import RateCount
from storage.tables.outbox import OutboxMessage
from storage.tables.priorities import PictureChoices, PriorityScore
from storage.tables.promises import Promise
from storage.tables.quotes import Quote, QuoteSource
from storage.tables.rounds import (
    Area,
    FlowCorrection,
    FlowVersion,
    PhoneTrial,
    Place,
    PlaceCode,
    Round,
    RoundArea,
    RoundFlow,
    RoundSketch,
    StatisticsTable,
)
from storage.tables.staff import InternalCode

REVISION = "0024"
"""The migration that makes these tables: the latest one in storage/migrations."""

__all__ = [
    "REVISION",
    "Account",
    "Answer",
    "AnswerPlace",
    "Area",
    "AuditChain",
    "AuditEntry",
    "Base",
    "Coding",
    "Conversation",
    "Deletion",
    "Delivery",
    "ExportJob",
    "FeedbackEntry",
    "FlowCorrection",
    "FlowVersion",
    "InboxMessage",
    "InternalCode",
    "Invitation",
    "LastRun",
    "LedgerEntry",
    "Message",
    "OptOut",
    "OutboxMessage",
    "PhoneTrial",
    "PictureChoices",
    "Place",
    "PlaceCode",
    "PriorityScore",
    "Promise",
    "QuarantinedMessage",
    "Quote",
    "QuoteSource",
    "RateCount",
    "RecoveryCode",
    "Release",
    "Round",
    "RoundArea",
    "RoundFlow",
    "RoundSketch",
    "SafeguardReply",
    "SignIn",
    "SignInTry",
    "StatisticsTable",
    "Transfer",
]
