"""Learns the weights of flows/learned.py from labelled messages: `make train`. Standard library alone."""
