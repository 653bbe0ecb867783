"""The words of priorities, change, weights and intervals, Swedish and English. summary.wording reads them."""

WEIGHING_TEXTS: dict[str, tuple[str, str]] = {
    # Priorities
    "t_priorities": ("Underlag för prioritering", "A basis for priorities"),
    "l_priorities": (
        "0 till 3 poäng. Poängen är förslag ur svaren tills arbetsgruppen ändrar dem; skälen står problem för problem "
        "i rapportens kapitel om prioritering.",
        "0 to 3. The scores are suggestions from the answers until the working group changes them; the reasons "
        "stand problem by problem in the report's chapter on priorities.",
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
    "focus": (
        "{problem}: minst var tionde boende nämner det, och säkerheten är {level}.",
        "{problem}: one resident in ten or more names it, and certainty is {level}.",
    ),
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
    "why_spread_later": (
        "Inget förslag än: områdena jämförs i den slutliga bilden.",
        "No suggestion yet: the areas are compared in the final picture.",
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
    "trend_points": (
        "{last} % förra gången, {now} % nu: {reading}.",
        "{last}% last time, {now}% now: {reading}.",
    ),
    "trend_places": (
        "Plats {last} förra gången, plats {now} nu.",
        "Place {last} last time, place {now} now.",
    ),
    "trend_named": ("{problem} {last} % då, {now} % nu", "{problem} {last}% then, {now}% now"),
    "trend_some": (
        "Har ändrats sedan {round} mer än slumpen brukar ge: {problems}.",
        "Changed since {round} by more than chance usually gives: {problems}.",
    ),
    "trend_none": (
        "Inget problem har ändrats sedan {round} mer än slumpen brukar ge.",
        "No problem has changed since {round} by more than chance usually gives.",
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
