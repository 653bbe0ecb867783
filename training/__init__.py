"""Learns the weights of flows/distress.py from labelled messages: `make train`. Standard library alone."""
