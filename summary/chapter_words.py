"""The words of the chapters after page one, Swedish and English. summary.wording reads them."""

CHAPTER_TEXTS: dict[str, tuple[str, str]] = {
    # Grids
    "t_problem_age": ("Problem och ålder, boende", "Problem by age, residents"),
    "t_problem_gender": ("Problem och kön, boende", "Problem by gender, residents"),
    "t_problem_wish": ("Problem och önskemål, boende", "Problem by wish, residents"),
    "t_problem_place": ("Problem och plats, boende", "Problem by place, residents"),
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
    # Problems
    "where": ("Nämns mest i {areas}.", "Named most in {areas}."),
    "places": ("{places}.", "{places}."),
    "labelled": ("{label}: {text}", "{label}: {text}"),
    "when": ("Värst {times}.", "Worst: {times}."),
    "named": ("{what} ({count})", "{what} ({count})"),
    "named_least": ("{what} (minst {count})", "{what} (at least {count})"),
    "who": ("Så många i varje grupp nämner det: {groups}.", "Of each group name it: {groups}."),
    "who_count": ("{group} {count} av {base}", "{group} {count} of {base}"),
    "who_share": ("{group} {count} av {base} ({percent} %)", "{group} {count} of {base} ({percent}%)"),
    "wishes": (
        "Den som nämner det vill att polisen och kommunen först gör något åt {wishes}.",
        "Those who name it want this done first: {wishes}.",
    ),
    "meetings_agreed": (
        "Deltagare höll med sammanlagt {count} gånger.",
        "Participants agreed {count} times in all.",
    ),
    "certainty": ("{level}.", "{level}."),
    "certainty_high": ("hög", "high"),
    "certainty_medium": ("medel", "medium"),
    "certainty_low": ("låg", "low"),
    "certainty_rule": (
        "Så bedöms säkerheten. Hög: minst {answered} boende har svarat, minst {many} av dem nämner problemet, och "
        "anställda eller möten tar upp samma sak. Medel: minst {some} nämner det, eller minst {few} och en källa till. "
        "Annars låg. Säkerheten gäller hur väl svaren bär slutsatsen, inte hur vanligt problemet är.",
        "How certainty is judged. High: at least {answered} residents have answered, at least {many} of them name the "
        "problem, and employees or meetings raise the same. Medium: at least {some} name it, or at least {few} and "
        "another source. Otherwise low. It says how well the answers bear the conclusion, not how common the "
        "problem is.",
    ),
    "by_residents": ("hos boende", "with residents"),
    "by_employees": ("hos anställda", "with employees"),
    "by_meetings": ("på möten", "at meetings"),
    "rank_of": ("plats {place} {who}", "place {place} {who}"),
    "rank_none": ("för sällan {who} för att visas för sig", "too seldom {who} to be shown separately"),
    "ranks_differ": ("Källorna skiljer sig: {ranks}.", "The sources differ: {ranks}."),
    "ranks_agree": ("Källorna stämmer överens: {ranks}.", "The sources agree: {ranks}."),
    "ranks_alone": (
        "Bara de boendes svar kan visas; det finns inget att jämföra med.",
        "Only the residents' answers can be shown; there is nothing to compare with.",
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
    "f_places": ("Platser", "Places"),
    "f_who": ("Vilka", "Who"),
    "f_wishes": ("Önskemål", "Wishes"),
    "f_ranks": ("Källorna jämförda", "The sources compared"),
    "f_certainty": ("Säkerhet", "Certainty"),
    "f_statistics": ("Statistik", "Statistics"),
    "f_trend": ("Förändring", "Change"),
    "f_employees": ("Anställda", "Employees"),
    "f_employees_see": ("Anställda ser det", "Employees see it"),
    "f_meetings": ("Möten", "Meetings"),
    # Assignment and method
    "assignment": (
        "{municipality} har frågat boende, anställda och deltagare på möten vad som gör dem otrygga. Omgången heter "
        "{round}. Svaren kom in {period}.",
        "{municipality} has asked residents, employees and people at meetings what makes them unsafe. The round is "
        "{round}. Answers came in {period}.",
    ),
    "assignment_law": (
        "Problembilden är ett underlag till den lägesbild som varje kommun ska ha enligt lagen (2023:196) om kommuners "
        "ansvar för brottsförebyggande arbete. Den ersätter inte kartläggningen av brott: den säger vad människor "
        "upplever, var och när.",
        "The problem picture is a basis for the picture of crime and safety that each Swedish municipality must have "
        "(law 2023:196). It does not replace the mapping of crime: it says what people experience, where and when.",
    ),
    "ask_assignment": (
        "Vem gav uppdraget, och vilket diarienummer har det?",
        "Who gave the assignment, and what is its diary number?",
    ),
    "ask_scope": (
        "Vad har ni bestämt att inte ta med (områden, frågor, grupper)?",
        "What did you decide to leave out (areas, questions, groups)?",
    ),
    "bra_heading": ("Brås fyra kontrollfrågor", "Four check questions"),
    "bra_lead": (
        "Brås samverkanshandbok ställer fyra frågor till varje lägesbild. Det omgången själv vet står först; resten "
        "fyller arbetsgruppen i.",
        "The handbook of the crime prevention council (Brå) asks four questions of each picture. What the round knows "
        "stands first; the working group fills in the rest.",
    ),
    "bra_q_why": ("Varför valdes problemen?", "Why were these problems chosen?"),
    "bra_q_sources": (
        "Vilka källor användes, och vilka valdes bort?",
        "Which sources were used, which left out?",
    ),
    "bra_q_limits": (
        "Hur kan valet av källor begränsa kunskapen?",
        "How may the choice of sources limit the knowledge?",
    ),
    "bra_q_meaning": ("Vad kan begränsningarna ha betytt?", "What may those limits have meant?"),
    "bra_why": (
        "Ordningen är hur många boende som nämner problemet med egna ord, innan de ser någon lista. De {count} som "
        "nämns mest beskrivs var för sig. Programmet väljer inga fokusområden.",
        "The order is how many residents name the problem in their own words, before they see any list. The {count} "
        "named most are described one by one. The program chooses no focus issues.",
    ),
    "bra_sources": (
        "Här används {sources}. Källorna läggs inte ihop. Statistik från andra står för sig, med källa och år, om den "
        "har lästs in.",
        "Used here: {sources}. Sources are not added. Statistics of others stand apart, with source and year, where "
        "they have been imported.",
    ),
    "bra_residents": ("{count} svar från boende", "{count} answers from residents"),
    "bra_employees": ("{count} svar från anställda", "{count} answers from employees"),
    "bra_meetings": ("anteckningar från {count} möten", "notes from {count} meetings"),
    "bra_none": ("ännu ingen källa som kan visas", "no source yet that can be shown"),
    "limit_chosen": (
        "De som svarar har själva valt det. Den som inte vågar, hinner, vill eller känner till enkäten syns inte.",
        "Those who answer chose to. Who dares not, has no time, does not want to or never heard of it is not seen.",
    ),
    "limit_channels": ("Svaren kom så här: {parts}.", "Answers came like this: {parts}."),
    "limit_languages": ("De gavs på {parts}.", "They were given in {parts}."),
    "limit_unsorted": (
        "{count} svar är ännu inte sorterade på problem.",
        "{count} answers are not yet sorted by problem.",
    ),
    "limit_unsorted_share": (
        "{count} svar ({percent} %) är ännu inte sorterade på problem.",
        "{count} answers ({percent}%) are not yet sorted by problem.",
    ),
    "bra_meaning": (
        "Få har svarat i grupperna {groups}. Problem som främst drabbar dem syns sannolikt för lite, och problem som "
        "främst drabbar andra för mycket.",
        "Few have answered in these groups: {groups}. Problems that mostly hit them are probably seen too little, and "
        "those that mostly hit others too much.",
    ),
    "bra_meaning_one": (
        "Få har svarat i gruppen {groups}. Problem som främst drabbar den syns sannolikt för lite, och problem som "
        "främst drabbar andra för mycket.",
        "Few have answered in this group: {groups}. Problems that mostly hit it are probably seen too little, and "
        "those that mostly hit others too much.",
    ),
    "bra_meaning_level": (
        "Ingen grupp som kan visas har svarat klart mindre än väntat. Det som inte mäts, till exempel inkomst, "
        "funktionsnedsättning och hur länge någon har bott här, kan ändå skilja de som svarat från andra.",
        "No group that can be shown has answered clearly less than expected. What is not measured, such as income, "
        "disability and how long somebody has lived here, may set those who answered apart all the same.",
    ),
    "bra_meaning_unknown": (
        "Svaren går inte att jämföra med invånarna grupp för grupp. Det är därför okänt vilka problem som syns för "
        "lite.",
        "The answers cannot be compared with the inhabitants group by group. So it is not known which problems "
        "are seen too little.",
    ),
    "ask_bra_why": ("Varför väljer gruppen just dessa problem?", "Why does the group choose these problems?"),
    "ask_bra_sources": (
        "Vilka källor valde ni bort, och varför?",
        "Which sources did you leave out, and why?",
    ),
    "ask_bra_limits": (
        "Vad vet ni som källorna inte visar?",
        "What do you know that the sources do not show?",
    ),
    "ask_bra_meaning": (
        "Vilka slutsatser drar ni inte, på grund av begränsningarna?",
        "Which conclusions do you not draw, because of the limits?",
    ),
    # Missing
    "missing_heading": ("De som saknas mest", "Those most missing"),
    "missing_lead": (
        "Kvoten är gruppens andel av svaren delad med dess andel av invånarna. 1 betyder lika, 0,5 hälften så många "
        "svar som väntat.",
        "The ratio is the group's share of answers divided by its share of inhabitants. 1 is level, 0.5 is half as "
        "many answers as expected.",
    ),
    "missing_ratio": (
        "{group}: {answers} % av svaren, {population} % av invånarna, kvot {ratio}",
        "{group}: {answers}% of answers, {population}% of inhabitants, ratio {ratio}",
    ),
    "missing_none": (
        "Ingen grupp som kan visas har svarat klart mindre än väntat.",
        "No group that can be shown has answered clearly less than expected.",
    ),
    "missing_unknown": (
        "Invånarnas antal efter område, ålder och kön är inte inlagt. Därför går det inte att säga vilka som saknas.",
        "The number of inhabitants by area, age and gender is not known. So it cannot be said who is missing.",
    ),
    "ask_missing": (
        "Vad gör ni för att nå dem som saknas, och vem gör det?",
        "What do you do to reach those missing, and who does it?",
    ),
    # Hidden
    "hidden_heading": ("Dolda problem", "Hidden problems"),
    "hidden_lead": (
        "Våld i nära relation, hedersförtryck, barn som far illa, hatbrott och bedrägerier mot äldre nämns sällan i en "
        "enkät eller på ett möte. Att få nämner dem betyder inte att de är få.",
        "Domestic and honour-related violence, children at risk, hate crime and fraud against older people are seldom "
        "named in a survey or at a meeting. That few name them does not mean that they are few.",
    ),
    "hidden_problem": ("{problem}: {count} boende nämner det", "{problem}: named by {count} residents"),
    "hidden_reply": ("{what}: {count} svar skickade", "{what}: {count} replies sent"),
    "ask_hidden": (
        "Vad vet socialtjänsten, skolan, kvinnojouren och polisen som svaren inte visar?",
        "What do social services, schools, the women's shelter and the police know that the answers do not show?",
    ),
    # Areas
    "a_answers": ("Svar", "Answers"),
    "a_parts": ("Delar", "Parts"),
    "a_problems": ("Nämns mest", "Named most"),
    "a_safety": ("Ute när det är mörkt", "Outdoors after dark"),
    "a_places": ("Platser i området", "Places in the area"),
    "area_count": ("{count} boende.", "{count} residents."),
    "area_share": (
        "{count} boende, {percent} % av alla svar.",
        "{count} residents, {percent}% of all answers.",
    ),
    "area_coverage": (
        "{count} boende. Det är {percent} % av svaren; {population} % av invånarna bor här.",
        "{count} residents. That is {percent}% of the answers; {population}% of the inhabitants live here.",
    ),
    "areas_later": (
        "Vad som nämns i varje område och hur tryggt det är där visas i den slutliga bilden.",
        "What is named in each area, and how safe it is there, is shown in the final picture.",
    ),
    "area_too_few": (
        "Svaren är för få för att delas upp på problem i området.",
        "The answers are too few to be divided by problem in the area.",
    ),
    # Trust
    "q_safety": ("Trygghet ute när det är mörkt", "Safety outdoors after dark"),
    "q_avoided": ("Har låtit bli att gå någonstans", "Has avoided going somewhere"),
    "q_police": ("Gör polisen tillräckligt?", "Do the police do enough?"),
    "q_municipality": ("Gör kommunen tillräckligt?", "Does the municipality do enough?"),
    "told": ("{parts}, av {base} som svarade på frågan.", "{parts}, of {base} who answered the question."),
    # What people fill in
    "causes_lead": (
        "Svaren säger vad, var och när. Varför är arbetsgruppens sak: de anställdas svar om orsaker finns i "
        "arbetsmaterialet.",
        "The answers say what, where and when. Why is for the working group: employees' answers about causes are in "
        "the working copy.",
    ),
    "ask_causes_1": (
        "Vad i platsen eller situationen gör problemet möjligt?",
        "What in the place or situation makes it possible?",
    ),
    "ask_causes_2": ("Vilka berörs, och varför just de?", "Who is involved, and why they?"),
    "ask_causes_3": (
        "Vad görs i dag, vad fungerar och vad saknas?",
        "What is done today, what works and what lacks?",
    ),
    "proposals_lead": (
        "Ett löfte går att följa upp om det har en ansvarig, ett antal och ett datum. ”Arbeta för” och ”verka för” går "
        "inte att följa upp.",
        "A promise can be followed up if it has somebody responsible, a number and a date. To work for something "
        "cannot.",
    ),
    "ask_proposals_1": ("Åtgärd, plats och tid", "Measure, place and time"),
    "ask_proposals_2": ("Ansvarig funktion och medverkande", "Function responsible, and who takes part"),
    "ask_proposals_3": ("Antal, slutdatum och hur det mäts", "Number, last day and how it is measured"),
    "follow_up_lead": (
        "Vad blev det av förra omgångens löften? De som svarade då vill veta det först.",
        "What became of the promises of the last round? Those who answered then want to know that first.",
    ),
    "ask_follow_up_1": (
        "Vilka löften hölls, med antal och datum?",
        "Which promises were kept, with numbers and dates?",
    ),
    "ask_follow_up_2": ("Vilka hölls inte, och varför?", "Which were not, and why?"),
    "ask_follow_up_3": ("Märks det på problemen?", "Does it show in the problems?"),
    "feedback_lead": (
        "Återkopplingen är det som oftast saknas i arbetet med medborgarlöften. Bestäm den innan problembilden är "
        "klar.",
        "Feedback is what citizen promises most often lack. Decide on it before the picture is done.",
    ),
    "ask_feedback_1": (
        "Hur och när får de boende veta vad ni har hört?",
        "How and when do residents learn what you heard?",
    ),
    "ask_feedback_2": ("Hur och när får de anställda veta det?", "How and when do employees?"),
    "ask_feedback_3": (
        "Vem svarar på det som mötena fick löfte om?",
        "Who answers what meetings were promised?",
    ),
    # Headings of blocks of tables
    "b_respondents": ("Diagram och tabeller", "Charts and tables"),
    "b_problems": ("Diagram och tabeller", "Charts and tables"),
    "b_safety": ("Diagram och tabeller", "Charts and tables"),
    "b_priorities": ("Underlag för prioritering", "A basis for priorities"),
    "b_collection": ("Insamlingen", "The collection"),
    "b_questions": ("Fler frågor", "More questions"),
}
