"""Use cases, one transaction each. They join what is stored with what is pure; no web, no provider, no SQL."""
