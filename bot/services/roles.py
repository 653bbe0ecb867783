"""What a person may do in the console. An account has one role."""

from enum import StrEnum


class Role(StrEnum):
    """In the order in which they are offered."""

    COORDINATOR = "coordinator"
    """Everything but the quarantine."""
    CODER = "coder"
    """Reads answers and corrects what they are about."""
    NOTE_TAKER = "note_taker"
    """Types in what was said at meetings and written on paper."""
    VIEWER = "viewer"
    """Reads released reports, as the police do. Never a count of its own, never an answer."""
    GUARDIAN = "guardian"
    """The quarantine, and nothing else."""
