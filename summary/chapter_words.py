"""The words of the chapters after page one, Swedish and English. summary.wording reads them."""

CHAPTER_TEXTS: dict[str, tuple[str, str]] = {
    # Grids
    "t_clock": ("När det är värst, dag och tid, boende", "When it is worst, by day and hour, residents"),
    "day": ("Dag", "Day"),
    "on_weekday": ("Vardag", "Weekdays"),
    "on_weekend": ("Helg", "Weekends"),
    "at_day": ("Dag", "Day"),
    "at_evening": ("Kväll", "Evening"),
    "at_night": ("Natt", "Night"),
    "n_clock": (
        "En tom ruta betyder noll eller för få svar för att visas. En person kan ha valt flera tider, så rutorna "
        "summerar inte. ”Alltid”, vinter och sommar står i tabellen över alla tider.",
        "An empty cell means none or too few answers to be shown. A person may have chosen several times, so cells do "
        "not add up. Always, winter and summer stand in the table of all times.",
    ),
    "grid_alt": (
        "Rutnät, mörkare ruta för fler svar. {title}. Mörkast: {tops}. Alla värden står i tabellen.",
        "Grid, darker for more answers. {title}. Darkest: {tops}. All values are in the table.",
    ),
    "drop_off_alt": (
        "Stapeldiagram, frågorna i den ordning de ställs. {title}. Flest slutade vid: {tops}. "
        "Alla värden står i tabellen.",
        "Bar chart, questions in the order asked. {title}. Most left at: {tops}. All values are in the table.",
    ),
    # Chapters
    "ch_assignment": ("Uppdrag, avgränsning och tid", "Assignment, scope and time"),
    "ch_method": ("Underlag och metod", "Sources and method"),
    "ch_respondents": ("Vilka har svarat – och vilka saknas", "Who answered – and who is missing"),
    "ch_problems": ("Problembild", "The problems"),
    "ch_areas": ("Områdesbilder", "Area by area"),
    "ch_safety": ("Trygghet och förtroende", "Safety and trust"),
    "ch_causes": ("Orsaker", "Causes"),
    "ch_priorities": ("Prioritering", "Priorities"),
    "ch_proposals": ("Förslag till fokusområden och löften", "Proposed focus issues and promises"),
    "ch_follow_up": ("Sedan förra omgången", "Since the last round"),
    "ch_feedback": ("Återkoppling", "Feedback"),
    "ch_annexes": ("Bilagor", "Annexes"),
    "f_parts": ("Vad", "What"),
    "f_areas": ("Var", "Where"),
    "f_times": ("När", "When"),
    "f_employees": ("Anställda", "Employees"),
    "f_meetings": ("Möten", "Meetings"),
}
