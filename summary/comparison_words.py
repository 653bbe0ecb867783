"""The words of a comparison of municipalities, in Swedish and English."""

TEXTS: dict[str, tuple[str, str]] = {
    "and": ("och", "and"),
    "title": ("Problembilder sida vid sida", "Problem pictures side by side"),
    "exact": (
        "Alla rapporter är slutliga.",
        "All reports are final.",
    ),
    "interim": (
        "Preliminärt: svaren är fortfarande på väg in i {towns}.",
        "Preliminary: answers are still coming in in {towns}.",
    ),
    "demonstration": (
        "Exempel: minst en av rapporterna bygger på påhittade svar.",
        "Example: at least one of the reports is made from invented answers.",
    ),
    "honesty": (
        "I varje kommun har människor själva valt att svara, på olika sätt och olika många. Andelarna är "
        "därför inte mått på hur vanliga problemen är, och skillnader i procent mellan kommuner kan bero på"
        " vilka som svarade. Jämför vilka problem som står främst, var och när de märks och vilka som "
        "saknas bland de svarande. Inget är summerat över kommunerna.",
        "In each municipality people chose themselves to answer, in different ways and numbers. The shares "
        "therefore do not measure how common the problems are, and differences in percent between "
        "municipalities may come from who answered. Compare which problems come first, where and when they "
        "show and who is missing among those who answered. Nothing is added up across municipalities.",
    ),
    "foremost": ("Flest boende nämner {problems}.", "Most residents name {problems}."),
    "nothing_shown": (
        "För få svar för att visa enskilda problem.",
        "Too few answers to show single problems.",
    ),
    "share": ("{problem} ({percent} %)", "{problem} ({percent}%)"),
    "in_common": (
        "Bland de {most} främsta i alla kommuner: {problems}.",
        "Among the {most} foremost in every municipality: {problems}.",
    ),
    "own": (
        "Bara i {town} hör {problems} till de främsta.",
        "Only in {town} are {problems} among the foremost.",
    ),
    "municipality": ("Kommun", "Municipality"),
    "problem": ("Problem", "Problem"),
    "question": ("Fråga och svar", "Question and answer"),
    "place_in_order": ("Plats", "Rank"),
    "most_named": ("Nämns mest", "Named most"),
    "groups": (
        "Grupper med färre svar än väntat",
        "Groups with fewer answers than expected",
    ),
    "few": (
        "{group} ({answers} % av svaren, {population} % av invånarna)",
        "{group} ({answers}% of the answers, {population}% of the inhabitants)",
    ),
    "basis": ("Underlag", "Basis"),
    "period": ("Omgång", "Round"),
    "counted_on": ("Räknad", "Counted"),
    "times": ("Tider", "Times"),
    "places": ("Platser", "Places"),
    "wishes": ("Önskemål", "Wishes"),
    "t_answered": ("Vad rapporterna bygger på", "What the reports rest on"),
    "t_problems": ("Problem som boende nämner", "Problems that residents name"),
    "l_problems": (
        "Procent av de boende som svarade i respektive kommun.",
        "Percent of the residents who answered in each municipality.",
    ),
    "t_order": ("Problemen i ordning", "The problems in order"),
    "t_where_and_when": ("Var, när och vad som önskas", "Where, when and what is wished for"),
    "t_questions": ("Trygghet och förtroende", "Safety and trust"),
    "l_questions": (
        "Procent av de boende som svarade på frågan i respektive kommun.",
        "Percent of the residents who answered the question in each municipality.",
    ),
    "t_missing": ("Vilka som saknas", "Who is missing"),
    "empty": (
        "En tom ruta: rapporten visar det inte, för att frågan inte ställdes eller för få svarade.",
        "An empty cell: the report does not show it, because it was not asked or too few answered.",
    ),
    "h_sources": ("Källor", "Sources"),
    "p_sources": (
        "Jämförelsen är gjord av kommunernas utgivna rapporter och innehåller inget annat än det som står i"
        " dem.",
        "The comparison is made from the released reports of the municipalities and holds nothing but what "
        "stands in them.",
    ),
    "too_few": (
        "Välj minst två rapporter, en från varje kommun.",
        "Choose two reports at least, one from each municipality.",
    ),
    "too_many": (
        "Välj högst {most} rapporter.",
        "Choose {most} reports at most.",
    ),
    "twice": ("Samma rapport är vald två gånger.", "The same report is chosen twice."),
}
