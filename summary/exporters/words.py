"""The words of documents that are no part of the picture: what a mark means, where a reader can go."""

_PHRASES = {
    "darker": ("Mörkare ruta: fler svar.", "Darker: more answers."),
    "hatched": (
        "Streckad ruta: noll eller för få svar för att visas.",
        "Hatched: none or too few answers to be shown.",
    ),
    "contents": ("Innehåll", "Contents"),
    "page_numbers": (
        "Sidnummer: klicka i innehållet och tryck F9 (eller högerklicka och välj Uppdatera fält).",
        "Page numbers: click in the contents and press F9 (or right-click and choose Update Field).",
    ),
    "table": ("Tabell", "Table"),
    "figure": ("Diagram", "Chart"),
    "page_of": ("Sida {page} av {pages}", "Page {page} of {pages}"),
    "skip": ("Till innehållet", "Skip to content"),
    "answer": ("Svar", "Answer"),
    "focus": ("Förslag till fokus, för gruppen att besluta om", "Suggested focus, for the group to decide"),
}
_LANGUAGES = ("sv", "en")


def phrase(key: str, language: str, **values: object) -> str:
    return _PHRASES[key][_LANGUAGES.index(language)].format(**values)
