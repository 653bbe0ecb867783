"""Pseudonyms, redaction, retention, disclosure control. Pure."""
