"""What is printed: posters, cards, forms and note-takers' sheets as tagged PDF. Gets finished facts, returns bytes.

Texts go into the templates as data, never as their source. Loaded only where something is printed.
"""
