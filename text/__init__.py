"""How people write: normalising, folding, fuzzy matching, language, SMS segments. Below every other package."""
