"""The words of the problem picture in Swedish and English. No figures are made here, only filled in."""

from collections.abc import Mapping
from datetime import date

from summary.chapter_words import CHAPTER_TEXTS
from summary.promise_words import PROMISE_TEXTS
from summary.published_words import PUBLISHED_TEXTS
from summary.weighing_words import WEIGHING_TEXTS
from text.typography import NO_BREAK, unbroken

LANGUAGES = ("sv", "en")

_MONTHS = {
    "sv": "januari,februari,mars,april,maj,juni,juli,augusti,september,oktober,november,december",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}


class Words:
    """The texts in one language. An unknown language reads Swedish."""

    def __init__(self, language: str, texts: Mapping[str, tuple[str, str]] | None = None) -> None:
        """`texts`: other ones than those of the problem picture."""
        self._texts = TEXTS if texts is None else texts
        self.language = language if language in LANGUAGES else "sv"
        self._index = LANGUAGES.index(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of the key with its values filled in, whole numbers as people write them.

        Raises KeyError: keys and values are the program's own.
        """
        written = {
            name: self.number(value) if type(value) is int else value for name, value in values.items()
        }
        return unbroken(self._texts[key][self._index].format(**written))

    def number(self, count: int) -> str:
        """``18 924``, in English ``18,924``."""
        return f"{count:,}".replace(",", NO_BREAK) if self.language == "sv" else f"{count:,}"

    def and_(self, parts: list[str]) -> str:
        """``a, b och c``."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"

    def decimal(self, number: float, places: int = 1) -> str:
        """With so many decimals, after a comma in Swedish."""
        return f"{number:.{places}f}".replace(".", "," if self.language == "sv" else ".")

    def day(self, day: date) -> str:
        return f"{day.day} {_MONTHS[self.language].split(',')[day.month - 1]} {day.year}"

    def period(self, start: date, end: date) -> str:
        """``1 september–15 oktober 2026``."""
        if start == end:
            return self.day(end)
        first = self.day(start)
        if start.year == end.year:
            first = first.rsplit(" ", 1)[0]
        if (start.year, start.month) == (end.year, end.month):
            first = str(start.day)
        return f"{first}–{self.day(end)}"


TEXTS: dict[str, tuple[str, str]] = {
    "and": ("och", "and"),
    "about": ("omkring {count}", "about {count}"),
    # Head
    "title": ("Lokal problembild: {municipality}", "Local problem picture: {municipality}"),
    "subtitle": ("{round} · svar {period}", "{round} · answers {period}"),
    "status_interim": (
        "Preliminär, räknad {day}. Svaren är fortfarande på väg in: antal är avrundade till närmaste femtal "
        "och färre än {threshold} visas inte för sig.",
        "Preliminary, counted {day}. Answers are still coming in: counts are rounded to the nearest five and "
        "fewer than {threshold} are not shown separately.",
    ),
    "status_exact": (
        "Slutlig, räknad {day}. Färre än {threshold} personer visas inte för sig.",
        "Final, counted {day}. Fewer than {threshold} persons are not shown separately.",
    ),
    "demonstration": (
        "Demonstration: svaren är påhittade.",
        "Demonstration: the answers are invented.",
    ),
    # Summary
    "basis": (
        "Underlag: {sources}. Källorna läggs aldrig ihop.",
        "Based on {sources}. Sources are never added.",
    ),
    "basis_one": ("Underlag: {sources}.", "Based on {sources}."),
    "basis_residents": ("{count} boende", "{count} residents"),
    "basis_employees": ("{count} anställda", "{count} employees"),
    "basis_meetings": ("{meetings} med {points}", "{meetings} with {points}"),
    "meetings_one": ("1 möte", "1 meeting"),
    "meetings_many": ("{count} möten", "{count} meetings"),
    "points_one": ("1 synpunkt", "1 point"),
    "points_many": ("{count} synpunkter", "{count} points"),
    "too_few": (
        "Färre än {threshold} boende har svarat. Det räcker inte för en problembild: resultat visas när fler "
        "har svarat, så att ingen kan kännas igen.",
        "Fewer than {threshold} residents have answered. That is too few for a picture: results are shown "
        "when more have answered, so that nobody can be recognised.",
    ),
    "employees_together": (
        "De anställdas svar är för få för att delas upp på problem.",
        "The employees' answers are too few to be divided by problem.",
    ),
    "employees_too_few": (
        "Färre än {threshold} anställda har svarat, så deras svar visas inte.",
        "Fewer than {threshold} employees have answered, so their answers are not shown.",
    ),
    "problems_together": (
        "Svaren är för få för att delas upp på problem.",
        "The answers are too few to be divided by problem.",
    ),
    "problem_of": ("{problem}: {count} av {base}", "{problem}: {count} of {base}"),
    "problem_share": (
        "{problem}: {count} av {base} ({percent} %)",
        "{problem}: {count} of {base} ({percent}%)",
    ),
    "mostly": ("Främst {parts}.", "Mostly {parts}."),
    "share": (" ({percent} %)", " ({percent}%)"),
    "employees_say": (
        "{count} av {base} anställda nämner samma sak.",
        "{count} of {base} employees name it too.",
    ),
    "meetings_say": ("Togs upp på möten: {points}.", "Raised at meetings: {points}."),
    "agree": (
        "Boende och anställda lyfter samma sak främst: {problem}.",
        "Residents and employees put the same thing first: {problem}.",
    ),
    "disagree": (
        "Bilderna skiljer sig: boende nämner främst {residents}, anställda främst {employees}.",
        "The pictures differ: residents name {residents} most, employees {employees}.",
    ),
    "meetings_first": (
        "På möten handlade flest synpunkter om {problem}.",
        "At meetings most points were on {problem}.",
    ),
    "unsafe": (
        "Trygghet ute när det är mörkt: {parts}, av {base} som svarade på frågan.",
        "Safety outdoors after dark: {parts}, of {base} who answered the question.",
    ),
    "severe": (
        "Få men allvarligt: {problems}. Svaren är granskade av en handläggare.",
        "Few but severe: {problems}. The answers have been checked by a person.",
    ),
    "wish": (
        "Det flest vill att polisen och kommunen gör först gäller {wishes}.",
        "What most want police and municipality to do first concerns {wishes}.",
    ),
    "missing": (
        "Färre svar än väntat i grupperna {groups}.",
        "Fewer answers than expected in these groups: {groups}.",
    ),
    "missing_one": (
        "Färre svar än väntat i gruppen {groups}.",
        "Fewer answers than expected in this group: {groups}.",
    ),
    "missing_group": (
        "{group} ({answers} % av svaren, {population} % av invånarna)",
        "{group} ({answers}% of answers, {population}% of inhabitants)",
    ),
    "missing_at_meetings": (
        "På möten saknades enligt anteckningarna {groups}.",
        "Missing at meetings, according to the notes: {groups}.",
    ),
    "promised": (
        "{count} synpunkter fick löfte om svar på mötet. De behöver en ansvarig.",
        "{count} points were promised an answer at the meeting. They need somebody responsible.",
    ),
    "marked": (
        "{count} svar kan komma från någon som redan har svarat, eller från en maskin. De är med i siffrorna; "
        "utan dem är det {rest}.",
        "{count} answers may be from somebody who had answered already, or from a machine. They are counted; "
        "without them {rest}.",
    ),
    # Honesty
    "honesty_first": (
        "Svaren kommer från personer som själva valt att svara. De är inte ett slumpmässigt urval och går inte "
        "att räkna om till alla som bor i kommunen.",
        "The answers come from people who chose to answer. They are no random sample and cannot be converted "
        "to everybody who lives in the municipality.",
    ),
    "honesty_count": ("{count} svar kom in {period}{where}.", "{count} answers came in {period}{where}."),
    "honesty_most": ("; flest från {areas}", "; most from {areas}"),
    "honesty_few": (", få från grupperna {groups}", ", few from {groups}"),
    "honesty_last": (
        "Resultaten visar vilka problem som nämns och var, inte hur vanliga de är. Jämför därför inte nivåerna "
        "med NTU eller Polisens trygghetsmätning.",
        "The results show which problems are named and where, not how common they are. Therefore do not "
        "compare the levels with the Swedish Crime Survey (NTU) or the police safety survey.",
    ),
    "honesty_few_one": (", få från gruppen {groups}", ", few from {groups}"),
    # Labels
    "others_within": ("Övrigt inom {part}", "Other within {part}"),
    "others_category": ("Övriga problem", "Other problems"),
    "others_category_too": (
        "Övriga problem, och svar utan problem",
        "Other problems, and answers without one",
    ),
    "others_area_too": ("Övriga områden, och okänt område", "Other areas, and area unknown"),
    "others_too": ("Övriga, och inget svar", "Other, and no answer"),
    "others_area": ("Övriga områden", "Other areas"),
    "others": ("Övriga", "Other"),
    "unspecified": ("{part}, utan närmare uppgift", "{part}, not specified"),
    # Headings of columns
    "residents": ("Boende", "Residents"),
    "residents_percent": ("Boende, %", "Residents, %"),
    "employees": ("Anställda", "Employees"),
    "employees_percent": ("Anställda, %", "Employees, %"),
    "points": ("Möten, synpunkter", "Meetings, points"),
    "supporters": ("Möten, höll med", "Meetings, agreed"),
    "answers": ("Svar", "Answers"),
    "percent": ("Andel, %", "Share, %"),
    "of_answers": ("Av svaren, %", "Of answers, %"),
    "of_population": ("Av invånarna, %", "Of inhabitants, %"),
    "verdict": ("Jämfört med invånarna", "Compared with inhabitants"),
    "verdict_fewer": ("färre än väntat", "fewer than expected"),
    "verdict_level": ("i nivå", "level"),
    "verdict_more": ("fler än väntat", "more than expected"),
    "rest": ("Inte uppdelat", "Not divided"),
    "finished": ("Svarade", "Answered"),
    "unfinished": ("Slutade eller tackade nej", "Left or declined"),
    "number": ("Antal", "Number"),
    # Headings of rows
    "problem": ("Problem", "Problem"),
    "wish_about": ("Önskemål om", "Wishes about"),
    "who_residents": ("boende", "residents"),
    "who_employees": ("anställda", "employees"),
    "area": ("Område", "Area"),
    "time": ("Tid", "Time"),
    "place": ("Plats", "Place"),
    "group": ("Grupp", "Group"),
    "question": ("Fråga och svar", "Question and answer"),
    "place_code": ("Platskod", "Place code"),
    "outcome": ("Utfall", "Outcome"),
    "what": ("Uppgift", "Item"),
    # Tables
    "t_problems": ("Problem som nämns", "Problems named"),
    "t_problem_area": ("Problem och område, boende", "Problem by area, residents"),
    "t_areas": ("Svar per område", "Answers by area"),
    "t_safety_area": ("Trygghet när det är mörkt och område, boende", "Safety after dark by area, residents"),
    "t_times": ("När det är värst", "When it is worst"),
    "t_problem_time": ("Problem och tid, boende", "Problem by time, residents"),
    "t_places": ("Platser som nämns", "Places named"),
    "t_wishes": ("Vad polisen och kommunen borde göra först", "What police and municipality should do first"),
    "t_questions_residents": ("Frågor med svarsalternativ, boende", "Closed questions, residents"),
    "t_questions_employees": ("Frågor med svarsalternativ, anställda", "Closed questions, employees"),
    "t_several_residents": ("Frågor med flera svar, boende", "Questions with several answers, residents"),
    "t_several_employees": ("Frågor med flera svar, anställda", "Questions with several answers, employees"),
    "t_ages": ("Ålder", "Age"),
    "t_genders": ("Kön", "Gender"),
    "t_roles": ("Anknytning till kommunen", "Tie to the municipality"),
    "t_workplaces": ("Anställda efter verksamhet", "Employees by field of work"),
    "t_coverage": ("Vilka har svarat, jämfört med invånarna", "Who has answered, compared with inhabitants"),
    "t_outcomes": ("Så gick det för dem som började", "What became of those who began"),
    "t_last_question": ("Sista frågan för dem som slutade", "Last question of those who left"),
    "t_channels": ("Svarssätt", "Way of answering"),
    "t_languages": ("Språk", "Language"),
    "t_place_codes": ("Affischer, koder och möten", "Posters, codes and meetings"),
    "t_meetings": ("Medborgardialoger", "Citizen dialogues"),
    "t_missing_groups": ("Grupper som saknades på möten", "Groups missing at meetings"),
    "t_safeguards": ("Skyddssvar som skickats", "Safeguard replies sent"),
    # What stands beside tables
    "l_problems": (
        "Varje person räknas en gång, på det problem som svaret främst handlar om. Boende, anställda och "
        "möten står bredvid varandra och läggs inte ihop; på möten räknas synpunkter, inte personer.",
        "Each person is counted once, at the problem that the answer is mainly about. Residents, employees and "
        "meetings stand side by side and are not added; at meetings points are counted, not persons.",
    ),
    "n_blank": (
        "En tom ruta betyder att svaren är noll eller för få för att visas för sig; de ingår i raden Övrigt "
        "eller i helheten.",
        "An empty cell means that the answers are none or too few to be shown separately; they are part of the "
        "row Other or of the whole.",
    ),
    "n_blank_matrix": (
        "En tom ruta betyder noll eller för få svar för att visas för sig; de ingår i Inte uppdelat. "
        "Rader och kolumner utan någon ruta att visa är utelämnade.",
        "An empty cell means none or too few answers to be shown separately; they are part of Not divided. "
        "Rows and columns without any cell to show are left out.",
    ),
    "n_blank_times": (
        "En tom ruta betyder noll eller för få svar för att visas. En person kan ha valt flera tider, så "
        "raderna summerar inte.",
        "An empty cell means none or too few answers to be shown. A person may have chosen several times, so "
        "rows do not add up.",
    ),
    "n_blank_places": (
        "En tom ruta betyder noll eller för få svar för att visas. En person kan ha nämnt flera platser, så "
        "raderna summerar inte.",
        "An empty cell means none or too few answers to be shown. A person may have named several places, so "
        "rows do not add up.",
    ),
    "n_uncertain": (
        "Osäkert, få svar: andelarna bygger på {bases}.",
        "Uncertain, few answers: shares are of {bases}.",
    ),
    "n_uncertain_base": ("{count} {who}", "{count} {who}"),
    "n_no_percent": (
        "Andelar visas inte när färre än 20 har svarat.",
        "Shares are not shown when fewer than 20 have answered.",
    ),
    "n_places": (
        "Platser som minst {threshold} personer har nämnt i var sitt samtal. Privata bostäder är aldrig med.",
        "Places that at least {threshold} persons have named, each in their own conversation. Private homes are "
        "never included.",
    ),
    "n_several": (
        "Flera svar var möjliga. Svar som färre än {threshold} valde visas inte.",
        "Several answers were possible. Answers that fewer than {threshold} chose are not shown.",
    ),
    "n_closed": (
        "Antalet vid frågan är hur många som gav ett svar; andelarna räknas på dem. Svarsalternativ med få svar "
        "är sammanslagna.",
        "The number at the question is how many gave an answer; shares are of them. Alternatives with few "
        "answers are joined.",
    ),
    "n_coverage": (
        "Invånare 15 år och äldre. Grupper med få svar är sammanslagna. Även besökare och fritidsboende kan ha "
        "svarat.",
        "Inhabitants aged 15 and over. Groups with few answers are joined. Visitors and holiday residents may "
        "have answered too.",
    ),
    "n_outcomes": (
        "Fullständigt: minst 80 procent av kärnfrågorna och problemfrågan. Delvis: minst hälften, eller både "
        "trygghet och problem. Bara dessa räknas i bilden. Hur många som sett inbjudan är okänt, så ingen "
        "svarsfrekvens anges.",
        "Complete: at least 80 percent of the core questions, with the problem question. Partial: at least half, "
        "or both safety and problem. Only these count in the picture. How many saw the invitation is unknown, "
        "so no response rate is given.",
    ),
    "n_safeguards": (
        "Automatiska svar till den som skrev om fara eller behov av stöd. Texterna sparas inte.",
        "Automatic replies to those who wrote of danger or need of support. The texts are not kept.",
    ),
    "chart_alt": (
        "Stapeldiagram. {title}. Störst: {tops}. Alla värden står i tabellen.",
        "Bar chart. {title}. Largest: {tops}. All values are in the table.",
    ),
    "coverage_alt": (
        "Stapeldiagram. {title}. Färst svar för sin storlek: {groups}. Alla värden står i tabellen.",
        "Bar chart. {title}. Fewest answers for their size: {groups}. All values are in the table.",
    ),
    "of_area": ("Område", "Area"),
    "of_age": ("Ålder", "Age"),
    "of_gender": ("Kön", "Gender"),
    "with_employees": ("{title}: boende och anställda", "{title}: residents and employees"),
    "only_residents": ("{title}: boende", "{title}: residents"),
    "only_employees": ("{title}: anställda", "{title}: employees"),
    # Meetings
    "m_meetings": ("Möten", "Meetings"),
    "m_points": ("Synpunkter", "Points raised"),
    "m_participants": ("Deltagare", "Participants"),
    "m_women": ("varav kvinnor", "of whom women"),
    "m_men": ("varav män", "of whom men"),
    "m_under_25": ("varav under 25 år", "of whom under 25"),
    "m_over_65": ("varav över 65 år", "of whom over 65"),
    "m_promised_answers": ("Synpunkter med löfte om svar", "Points with a promised answer"),
    # Sections
    "s_problems": ("Problem", "Problems"),
    "s_areas": ("Områden", "Areas"),
    "s_times": ("Tider", "Times"),
    "s_places": ("Platser", "Places"),
    "s_who": ("Vilka nämner vad", "Who names what"),
    "s_wishes": ("Önskemål", "Wishes"),
    "s_statistics": ("Statistik", "Statistics"),
    "s_questions": ("Frågor", "Questions"),
    "s_trend": ("Förändring", "Change"),
    "s_priorities": ("Prioritering", "Priorities"),
    "s_uncertainty": ("Vägning och osäkerhet", "Weights and uncertainty"),
    "s_respondents": ("Vilka har svarat", "Who answered"),
    "s_collection": ("Insamling", "Collection"),
    "s_summary": ("Sammanfattning", "Summary"),
    "s_charts": ("Diagramdata", "Chart data"),
    "s_top": ("Det som flest boende nämner", "What most residents name"),
    "s_whole": ("Det övriga i korthet", "The rest in brief"),
    "s_honesty": ("Så ska siffrorna läsas", "How to read the figures"),
    "s_method": ("Om underlaget", "About the data"),
    "s_codebook": ("Kodbok", "Codebook"),
    # Method
    "h_sources": ("Källor", "Sources"),
    "p_sources": (
        "Boende och anställda räknas i personer, möten i synpunkter. Källorna redovisas sida vid sida och läggs "
        "aldrig ihop. En person räknas en gång i varje tabell om inget annat sägs.",
        "Residents and employees are counted in persons, meetings in points raised. The sources stand side by "
        "side and are never added. A person is counted once in each table unless otherwise stated.",
    ),
    "h_release": ("Skydd av små tal", "Protection of small numbers"),
    "p_release_interim": (
        "Preliminär bild medan svar kommer in: antal under {threshold} visas inte för sig och övriga avrundas "
        "till närmaste femtal. Summor kan därför skilja sig från delarna. En ny bild ges ut först när minst 10 "
        "nya svar har kommit.",
        "Preliminary picture while answers come in: counts under {threshold} are not shown separately and the "
        "others are rounded to the nearest five. Totals may therefore differ from their parts. A new picture is "
        "released only after at least 10 new answers.",
    ),
    "p_release_exact": (
        "Slutlig bild, gjord en gång sedan omgången stängt och tiden för att ångra sig gått ut: antal under "
        "{threshold} visas inte för sig.",
        "Final picture, made once after the round has closed and the time to withdraw has passed: counts under "
        "{threshold} are not shown separately.",
    ),
    "p_release": (
        "Det som är för litet slås ihop inom sitt fokusområde eller större område, annars i en rest. Räcker inte "
        "det går även den minsta gruppen som annars skulle visas in i resten, så att inget kan räknas fram. I "
        "tabeller med två uppgifter döljs dessutom rutor som annars skulle avslöja en dold ruta.",
        "What is too small is joined within its focus issue or larger area, else in a rest. If that is not "
        "enough the smallest group that would be shown joins the rest, so that nothing can be computed. In "
        "tables that cross two properties, cells that would give away a hidden one are hidden too.",
    ),
    "h_sensitive": ("Känsliga ämnen", "Sensitive subjects"),
    "p_sensitive": (
        "Våld i nära relation, hatbrott och organiserad brottslighet visas bara för hela kommunen, bara när en "
        "handläggare har granskat svaren och bara när de är tillräckligt många. I övrigt ingår de i resten.",
        "Domestic violence, hate crime and organised crime are shown for the whole municipality only, only when "
        "a person has checked the answers and only when there are enough. Otherwise they are part of the rest.",
    ),
    "h_coding": ("Sortering av fritext", "Coding of free text"),
    "p_coding": (
        "Svar med egna ord sorteras efter taxonomin {taxonomy}: en huvudkategori per svar. Sorteringen föreslås "
        "av regler och kan ändras av en handläggare.",
        "Answers in people's own words are coded with the taxonomy {taxonomy}: one primary category each. Rules "
        "suggest the category and a person may change it.",
    ),
    "h_shares": ("Andelar", "Shares"),
    "p_shares": (
        "Andelar anges i hela procent och bara när minst 20 har svarat; 20–49 svar är osäkert. Ingen felmarginal "
        "anges, eftersom svaren inte är ett slumpmässigt urval. I sms står svarsalternativen alltid i samma "
        "ordning.",
        "Shares are whole percent and given only when at least 20 have answered; 20–49 answers are uncertain. No "
        "margin of error is given, since the answers are no random sample. In text messages the alternatives "
        "always stand in the same order.",
    ),
    "h_round": ("Omgång och enkäter", "Round and questionnaires"),
    "p_round": (
        "{round}, {municipality}. Svar {period}. Enkäter: {flows}. Räknad {day}.",
        "{round}, {municipality}. Answers {period}. Questionnaires: {flows}. Counted {day}.",
    ),
    "h_versions": ("Enkäter som ändrades under omgången", "Questionnaires that changed during the round"),
    # Codebook
    "c_list": ("Lista", "List"),
    "c_code": ("Kod", "Code"),
    "c_label": ("Betydelse", "Meaning"),
    "c_part_of": ("Del av", "Part of"),
}

TEXTS |= CHAPTER_TEXTS | PROMISE_TEXTS | PUBLISHED_TEXTS | WEIGHING_TEXTS
