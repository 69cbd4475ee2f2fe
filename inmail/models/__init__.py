"""The tables of InMail, one module a subject: terms, accounts of credit, letters, standing, keys."""

from inmail.models.jobs import Job
from inmail.models.keys import Heartbeat, IdempotencyKey
from inmail.models.letters import (
    Answer,
    Draft,
    Inmail,
    Match,
    Message,
    Outcome,
    ScheduledInmail,
    Status,
    Thread,
)
from inmail.models.standing import BulkRule, Sanction, SenderScore
from inmail.models.terms import Plan, Policy, PolicyTerm, Subscription
from inmail.models.wallets import Kind, LedgerEntry, Reason, Wallet

__all__ = [
    "Answer",
    "BulkRule",
    "Draft",
    "Heartbeat",
    "IdempotencyKey",
    "Inmail",
    "Job",
    "Kind",
    "LedgerEntry",
    "Match",
    "Message",
    "Outcome",
    "Plan",
    "Policy",
    "PolicyTerm",
    "Reason",
    "Sanction",
    "ScheduledInmail",
    "SenderScore",
    "Status",
    "Subscription",
    "Thread",
    "Wallet",
]
