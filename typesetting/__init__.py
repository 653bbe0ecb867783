"""From templates and data to PDF and PNG: the typesetter, and the fonts that we ship. Knows nothing of what it sets."""
