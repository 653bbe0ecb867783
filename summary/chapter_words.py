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
    "meetings_agreed": ("{count} deltagare höll med.", "{count} participants agreed."),
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
    "b_respondents": ("Tabeller", "Tables"),
    "b_problems": ("Tabeller", "Tables"),
    "b_safety": ("Tabeller", "Tables"),
    "b_priorities": ("Underlag för prioritering", "A basis for priorities"),
    "b_collection": ("Insamlingen", "The collection"),
    "b_questions": ("Fler frågor", "More questions"),
    # Priorities
    "t_priorities": ("Underlag för prioritering", "A basis for priorities"),
    "l_priorities": (
        "0 till 3 poäng. Poängen är förslag ur svaren tills arbetsgruppen ändrar dem; skälen står under tabellen.",
        "0 to 3. The scores are suggestions from the answers until the working group changes them; the reasons stand "
        "below the table.",
    ),
    "n_priorities": (
        "Poängen räknas inte ihop: gruppen väger dem, de boendes bild först. En tom ruta betyder att svaren inte "
        "räcker för ett förslag. Om ni kan påverka problemet och om ingen annan äger det avgör bara gruppen.",
        "Scores are not added up: the group weighs them, the residents' picture first. An empty cell means that the "
        "answers do not do for a suggestion. Whether you can influence the problem, and whether nobody else owns it, "
        "is for the group alone.",
    ),
    "p_residents": ("Hur många nämner det", "How many name it"),
    "p_severity": ("Hur hårt det slår", "How hard it hits"),
    "p_spread": ("Hur spritt det är", "How spread it is"),
    "p_employees": ("Anställda ser det", "Employees see it"),
    "p_statistics": ("Statistiken stöder det", "Statistics support it"),
    "p_influence": ("Ni kan påverka det", "You can influence it"),
    "p_ownership": ("Ingen annan äger det", "Nobody else owns it"),
    "suggested": ("Förslag {score}. {reason}", "Suggested {score}. {reason}"),
    "scored": ("Gruppen {score}: {reason}", "The group {score}: {reason}"),
    "why_residents": (
        "{count} av {base} boende ({percent} %) nämner det. 3 från 20 %, 2 från 10 %, 1 från 5 %.",
        "{count} of {base} residents ({percent}%) name it. 3 from 20%, 2 from 10%, 1 from 5%.",
    ),
    "why_residents_few": (
        "Inget förslag: färre än 20 boende har svarat.",
        "No suggestion: fewer than 20 residents have answered.",
    ),
    "why_severity_3": (
        "Problemets art: kan skada någon allvarligt. Förslaget bygger inte på svaren.",
        "The kind of problem: it may harm somebody seriously. The suggestion is not made from the answers.",
    ),
    "why_severity_2": (
        "Problemets art: kan ge skador eller drabba barn och unga. Förslaget bygger inte på svaren.",
        "The kind of problem: it may injure, or hit children and the young. The suggestion is not made from the "
        "answers.",
    ),
    "why_severity_1": (
        "Problemets art: stör eller skapar oro, mer sällan skador. Förslaget bygger inte på svaren.",
        "The kind of problem: it disturbs or worries, and seldom injures. The suggestion is not made from the answers.",
    ),
    "why_spread": (
        "Syns i {named} av {areas} områden som kan visas. 3 i alla, 2 i fler än hälften, 1 i minst två.",
        "Seen in {named} of {areas} areas that can be shown. 3 in all, 2 in more than half, 1 in two at least.",
    ),
    "why_spread_none": (
        "Inget förslag: svaren räcker inte för att jämföra områden.",
        "No suggestion: the answers do not do for comparing areas.",
    ),
    "why_employees": (
        "Plats {place} hos de anställda. 3 för plats 1, 2 för plats 2 och 3, annars 1.",
        "Place {place} with the employees. 3 for place 1, 2 for places 2 and 3, else 1.",
    ),
    "why_employees_not": (
        "För få anställda nämner det för att det ska visas för sig.",
        "Too few employees name it to be shown separately.",
    ),
    "why_employees_none": (
        "Inget förslag: de anställdas svar räcker inte för att delas upp på problem.",
        "No suggestion: the employees' answers do not do for dividing them by problem.",
    ),
    "why_statistics_none": (
        "Inget förslag: ingen statistik är kopplad till problemet.",
        "No suggestion: no statistics have been tied to the problem.",
    ),
    "why_statistics": (
        "{indicator} ({source}): {latest} senast, {mean} i medel på tre år. 2 när det ökar med minst 10 %, 0 när det "
        "minskar med minst 10 %, annars 1.",
        "{indicator} ({source}): {latest} latest, {mean} on the mean of three years. 2 where it is up by 10% at least, "
        "0 where it is down by 10% at least, else 1.",
    ),
    "why_group": ("Det avgör gruppen.", "That is for the group."),
    # Change since an earlier round
    "trend_heading": ("Sedan {round}", "Since {round}"),
    "trend_lead": (
        "Förändring i procentenheter visas bara när frågan är ordagrant densamma, ställd genom samma kanaler, och de "
        "som svarat är ungefär desamma till ålder och område. Annars visas bara hur rangordningen har ändrats.",
        "Change in percentage points is shown only where the question is word for word the same, asked through the "
        "same channels, and those who answered are much alike in age and area. Else only how the ranking has changed.",
    ),
    "t_trend_problem": ("Problem nu och förra gången, boende", "Problems now and last time, residents"),
    "t_trend_safety": (
        "Trygghet när det är mörkt nu och förra gången",
        "Safety after dark now and last time",
    ),
    "t_trend_avoided": (
        "Har låtit bli att gå någonstans, nu och förra gången",
        "Avoided going somewhere, now and last time",
    ),
    "t_trend_police": (
        "Gör polisen tillräckligt, nu och förra gången",
        "Do the police do enough, now and last time",
    ),
    "t_trend_municipality": (
        "Gör kommunen tillräckligt, nu och förra gången",
        "Does the municipality do enough, now and last time",
    ),
    "last_percent": ("Förra gången, %", "Last time, %"),
    "now_percent": ("Nu, %", "Now, %"),
    "last_place": ("Plats förra gången", "Place last time"),
    "now_place": ("Plats nu", "Place now"),
    "points_of_change": ("Ändring, procentenheter", "Change, percentage points"),
    "places_of_change": ("Ändring, platser", "Change, places"),
    "reading": ("Läsning", "Reading"),
    "beyond_chance": ("större än slumpen brukar ge", "more than chance usually gives"),
    "within_chance": ("kan vara slump", "may be chance"),
    "comparable_shares": (
        "Samma fråga, samma kanaler och liknande sammansättning. Läsningen jämför med vad två slumpmässiga urval "
        "skulle skilja sig (Newcombe, 95 %); svaren är inget slumpmässigt urval.",
        "Same question, same channels, similar composition. The reading compares with what two random samples would "
        "differ by (Newcombe, 95%); the answers are no random sample.",
    ),
    "comparable_other_wording": (
        "Frågan eller svarsalternativen har ändrats sedan dess. Därför visas bara rangordningen.",
        "The question or its alternatives have changed since. So only the ranking is shown.",
    ),
    "comparable_other_channels": (
        "Svaren har kommit genom andra kanaler än då. Därför visas bara rangordningen.",
        "Answers have come through other channels than then. So only the ranking is shown.",
    ),
    "comparable_other_composition": (
        "De som svarat skiljer sig till ålder eller område med mer än 10 procentenheter. Därför visas bara "
        "rangordningen.",
        "Those who answered differ by more than 10 percentage points in age or area. So only the ranking is shown.",
    ),
    "comparable_too_few": (
        "Färre än 20 svar i någon av omgångarna. Därför visas bara rangordningen.",
        "Fewer than 20 answers in one of the rounds. So only the ranking is shown.",
    ),
    "trend_alt": (
        "Linjediagram, förra gången och nu. {title}. Ändring: {changes}. Alla värden står i tabellen.",
        "Lines from last time to now. {title}. Change: {changes}. All values are in the table.",
    ),
    # Weights and intervals
    "t_intervals": (
        "Slumpmässig variation om svaren vore ett slumpurval",
        "Chance variation were the answers a random sample",
    ),
    "low": ("Från, %", "From, %"),
    "high": ("Till, %", "To, %"),
    "n_intervals": (
        "Wilsons intervall, 95 %. Det är ingen felmarginal: de som svarat har själva valt det, och hur de skiljer sig "
        "från andra säger intervallet inget om.",
        "Wilson's interval, 95%. It is no margin of error: those who answered chose to, and of how they differ from "
        "others it says nothing.",
    ),
    "b_weights": ("Vägda andelar", "Weighted shares"),
    "t_weighted": (
        "Trygghet när det är mörkt, vägt till invånarna",
        "Safety after dark, weighted to the inhabitants",
    ),
    "unweighted": ("Alla svar, %", "All answers, %"),
    "weighted": ("Boende, vägt, %", "Residents, weighted, %"),
    "n_weighted": (
        "Vägt så att de som bor i kommunen får samma sammansättning som invånarna efter {margins}. Svaren är då värda "
        "ungefär {effective} lika svar (designeffekt {design_effect}). Vikterna ligger mellan 0,3 och 3. Vägning "
        "rättar till vilka som svarat, inte att de själva valt att svara. Svar med egna ord vägs aldrig.",
        "Weighted so that those who live in the municipality are composed as the inhabitants by {margins}. The "
        "answers are then worth about {effective} equal ones (design effect {design_effect}). Weights lie between 0.3 "
        "and 3. Weighting mends who answered, not that they chose to. Answers in own words are never weighted.",
    ),
    "n_unplaced": (
        "{count} som inte uppgav ålder, kön eller område har vikten 1.",
        "{count} who did not tell age, gender or area have the weight 1.",
    ),
    "n_trimmed": ("{count} vikter är kapade.", "{count} weights are trimmed."),
    "why_not_no_population": (
        "Inga vägda andelar: invånarnas antal är inte inlagt för någon egenskap som de flesta har uppgett.",
        "No weighted shares: the population is not known by anything that most have told.",
    ),
    "why_not_too_few": (
        "Inga vägda andelar: färre än 200 som bor i kommunen har svarat.",
        "No weighted shares: fewer than 200 who live in the municipality have answered.",
    ),
    "why_not_empty_group": (
        "Inga vägda andelar: ingen har svarat i en av grupperna.",
        "No weighted shares: nobody has answered in one of the groups.",
    ),
    "why_not_small_group": (
        "Inga vägda andelar: för få har svarat i en av grupperna.",
        "No weighted shares: too few have answered in one of the groups.",
    ),
    "why_not_not_converged": (
        "Inga vägda andelar: svaren går inte att väga till invånarnas sammansättning.",
        "No weighted shares: the answers cannot be weighted to the composition of the inhabitants.",
    ),
    "statistics_say": (
        "{indicator}: {value} ({source}, {period}).",
        "{indicator}: {value} ({source}, {period}).",
    ),
    "statistics_say_mean": (
        "{indicator}: {value} ({source}, {period}), i medel {mean} på tre år.",
        "{indicator}: {value} ({source}, {period}), {mean} on the mean of three years.",
    ),
}
