"""The tables, by subject. Imported as a whole so that the metadata is complete for migrations."""

from storage.tables.answers import Answer, AnswerChoice, AnswerPlace, Coding
from storage.tables.base import Base
from storage.tables.conversations import Conversation, Delivery, Message
from storage.tables.keeping import AuditEntry, FeedbackEntry, InboxMessage, OptOut, Release, SafeguardReply
from storage.tables.limits import RateCount
from storage.tables.outbox import OutboxMessage
from storage.tables.rounds import Area, FlowVersion, Place, PlaceCode, Round, RoundArea, RoundFlow

__all__ = [
    "Answer",
    "AnswerChoice",
    "AnswerPlace",
    "Area",
    "AuditEntry",
    "Base",
    "Coding",
    "Conversation",
    "Delivery",
    "FeedbackEntry",
    "FlowVersion",
    "InboxMessage",
    "Message",
    "OptOut",
    "OutboxMessage",
    "Place",
    "PlaceCode",
    "RateCount",
    "Release",
    "Round",
    "RoundArea",
    "RoundFlow",
    "SafeguardReply",
]
