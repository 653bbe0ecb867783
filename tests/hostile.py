"""Text made to break something, for tests: what is sent, and what is kept of it."""

AS_IT_IS = {
    "emoji joined": "lampan \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1f8\U0001f1ea",
    "right to left": "lampan \u202egnol\u202c \u2067abc\u2069",
    "arabic": "الحديقة مظلمة جدا في الليل",
    "byte order mark": "\ufefflampan\ufeff är mörk",
    "zero width": "lam\u200bpan ä\u00adr m\u2060ör\u034fk",
    "combining marks": "lampan e" + "\u0301" * 900,
    "decomposed": "lampan a\u0308r mo\u0308rk",
    "beyond the basic plane": "lampan \U00020000\U0001d518 \U0010fffd",
    "dotted capital i": "lampan " + "\u0130" * 200,
    "line ends": "lampan\r\när\n\n\tmörk\u2028nu\u2029",
    "end of TwiML": "</Message><Message>Du har vunnit!</Message></Response>",
    "TwiML verbs": '<Response><Redirect>/x</Redirect><Message to="+1"/></Response>',
    "entity": "lampan <!DOCTYPE x [<!ENTITY a 'b'>]> &a; &#0; &amp; ]]>",
    "HTML": '<script>alert("lampan")</script><img src=x onerror=alert(1)>',
    "SQL": "lampan'); DROP TABLE answers; --",
    "SQL wildcard": "lampan % _ \\ ' \" `",
    "formats": "lampan %s %n %(x)s {0} {x!r} {{7*7}} ${7*7} {% raw %} #{x}",
    "placeholders": "lampan [K] [U] [D] [ORT] [X",
    "shell": "lampan $(reboot) `reboot` ; reboot | reboot & \\",
    "formula": "=cmd|' /C calc'!A0",
    "log": 'lampan\n{"level": "error", "event": "forged"}',
    "JSON": '{"lampan": null, "at": ["problem", 0]}',
    "percent": "lampan %00 %FF%FE %ED%A0%80 %0a+%2B",
    "one word without end": "lampa" * 320,
    "words without end": "lampa " * 266,
}
"""Kept exactly as written, in at most 1,600 characters and without personal data."""

MADE_HARMLESS = {
    "NUL": ("lam\x00pan är mörk\x00", "lam\ufffdpan är mörk\ufffd"),
    "control characters": (
        "lampan\x0b\x0c\x1b[31m\x08\x7f är mörk",
        "lampan\ufffd\ufffd\ufffd[31m\ufffd\ufffd är mörk",
    ),
    "no characters": ("lampan \ufffe\uffff är mörk", "lampan \ufffd\ufffd är mörk"),
    "longer than a message": ("lampa" * 4000, "lampa" * 320),
    "more marks than letters": ("lampan " + "\u0301" * 5000, "lampan " + "\u0301" * 1593),
}
CORPUS: dict[str, tuple[str, str]] = {
    **{name: (text, text) for name, text in AS_IT_IS.items()},
    **MADE_HARMLESS,
}
"""By name: what is sent, and what of it is kept."""
CHAT_FORM = {
    "token": "0" * 32,
    "message_id": "1" * 32,
    "question": "role.0",
    "language": "sv",
    "place_code": "",
    "action": "answer",
    "text": "lampan",
    "choice": "",
}
"""A form of the chat that is answered, if only with a page that says that the token is not known."""
