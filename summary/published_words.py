"""The words of statistics that others publish, beside the answers, Swedish and English. summary.wording reads them."""

PUBLISHED_TEXTS: dict[str, tuple[str, str]] = {
    "t_beside": ("Svaren bredvid statistiken", "Answers beside statistics"),
    "l_beside": (
        "Överst det som svaren säger om problemet, under det vad statistiken säger om hela kommunen. De mäter olika "
        "saker och läggs inte ihop.",
        "First what the answers say of the problem, below it what statistics say of the whole municipality. They "
        "measure different things and are not added.",
    ),
    "l_published": (
        "Källa: {source}, tabell {table}. Avser {periods}. Inläst {day}.",
        "Source: {source}, table {table}. Of {periods}. Imported {day}.",
    ),
    "n_published": (
        "Siffrorna är källans och ingår inte i svaren.",
        "The figures are the source's and are no part of the answers.",
    ),
    "n_published_blank": (
        "En tom ruta betyder att källan inte har något värde ({marks}).",
        "An empty cell means that the source has no value ({marks}).",
    ),
    "indicator": ("Mått", "Indicator"),
    "of_period": ("Avser", "Of"),
    "latest": ("Senaste", "Latest"),
    "mean_of": ("Medel {count} år", "Mean of {count} years"),
    "source_bra": ("Brå", "Brå (crime prevention council)"),
    "source_scb": ("SCB", "Statistics Sweden (SCB)"),
    "source_kolada": ("Kolada (RKA)", "Kolada (RKA)"),
    "source_strada": ("Strada (Transportstyrelsen)", "Strada (Swedish Transport Agency)"),
    "source_police": ("Polisen", "The police"),
    "source_municipality": ("Kommunen", "The municipality"),
    "source_other": ("Annan källa", "Other source"),
    "caution_bra": (
        "Anmälda brott är inte begångna brott: anmälningsbenägenheten varierar, och narkotika- och trafikbrott följer "
        "vad polisen kontrollerar. I en liten kommun svänger enstaka år: läs medelvärdet. Besökare höjer tal per "
        "invånare.",
        "Reported crimes are not crimes committed: people report more or less, and drug and traffic crimes follow "
        "what the police control. In a small municipality single years swing: read the mean. Visitors raise figures "
        "per inhabitant.",
    ),
    "caution_scb": (
        "SCB ändrar små tal något så att ingen kan kännas igen; delar summerar därför inte alltid.",
        "Statistics Sweden changes small figures a little so that nobody can be recognised; parts do not always add "
        "up.",
    ),
    "caution_kolada": (
        "Nyckeltal beror på hur kommuner räknar och redovisar; se Koladas beskrivning av måttet.",
        "Key figures depend on how municipalities count and report; see Kolada's description of the measure.",
    ),
    "caution_strada": (
        "Olyckor som polis eller sjukvård har rapporterat. Fotgängare och cyklister saknas ofta i polisens "
        "rapporter, och hur mycket som rapporteras ändras mellan år.",
        "Accidents reported by police or health care. Pedestrians and cyclists are often missing from police "
        "reports, and how much is reported changes between years.",
    ),
    "caution_police": (
        "Polisens egna uppgifter följer vad som anmäls och kontrolleras. De är inte officiell statistik.",
        "Figures of the police follow what is reported and controlled. They are not official statistics.",
    ),
    "caution_municipality": (
        "Kommunens egna uppgifter följer vad som anmäls och registreras. De är inte officiell statistik.",
        "Figures of the municipality follow what is reported and registered. They are not official statistics.",
    ),
    "caution_other": (
        "Hur uppgifterna har tagits fram avgör vad de kan säga; fråga källan.",
        "How the figures were made decides what they can say; ask the source.",
    ),
    "h_statistics": ("Statistik från andra", "Statistics of others"),
    "p_published": (
        "Statistik från myndigheter och andra står bredvid svaren med källa, tid och det som behövs för att läsa den "
        "rätt. Den har lästs in från källans fil, läggs aldrig ihop med svaren och kan ha kommit till efter att svaren "
        "räknades. Medel är av de tre senaste åren.",
        "Statistics of authorities and others stand beside the answers with their source, time and what is needed to "
        "read them rightly. They were taken from the source's file, are never added to answers and may have come after "
        "the answers were counted. Means are of the latest three years.",
    ),
}
