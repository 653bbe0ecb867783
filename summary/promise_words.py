"""The words of promises and of what became of them, Swedish and English. summary.wording reads them."""

PROMISE_TEXTS: dict[str, tuple[str, str]] = {
    "t_promises": ("Löften den här omgången", "Promises of this round"),
    "t_promises_before": ("Löften från {round}", "Promises of {round}"),
    "promise": ("Löfte", "Promise"),
    "promise_owner": ("Ansvarig", "Responsible"),
    "promise_goal": ("Mål", "Target"),
    "promise_until": ("Senast", "No later than"),
    "promise_result": ("Resultat", "Result"),
    "promise_status": ("Blev det så?", "Was it kept?"),
    "l_promises_whole": (
        "Varje löfte har en ansvarig, ett antal och ett datum.",
        "Each promise has somebody responsible, a number and a date.",
    ),
    "l_promises_lack": (
        "Det som inte är bestämt än står så: {count} av {total} löften saknar ansvarig, antal eller datum och går inte "
        "att följa upp förrän de har det.",
        "What is not decided yet says so: {count} of {total} promises lack somebody responsible, a number or a date, "
        "and cannot be followed up before they have it.",
    ),
    "promise_at": ("{problem}, {area}", "{problem}, {area}"),
    "promise_with": ("{owner}, med {others}", "{owner}, with {others}"),
    "promise_undecided": ("inte bestämt", "not decided"),
    "promise_measured": ("{goal}. Mäts: {indicator}", "{goal}. Measured: {indicator}"),
    "promise_by": ("{goal}, senast {day}", "{goal}, by {day}"),
    "promise_of": ("{number} av {target}", "{number} of {target}"),
    "promise_no_goal": ("inget antal", "no number"),
    "promise_no_result": ("inget angivet", "none stated"),
    "often_day": ("om dagen", "a day"),
    "often_week": ("i veckan", "a week"),
    "often_month": ("i månaden", "a month"),
    "often_quarter": ("i kvartalet", "a quarter"),
    "often_half_year": ("varje halvår", "every half-year"),
    "often_year": ("om året", "a year"),
    "is_planned": ("Inte påbörjat", "Not begun"),
    "is_under_way": ("Pågår", "Under way"),
    "is_kept": ("Ja", "Yes"),
    "is_partly_kept": ("Delvis", "In part"),
    "is_not_kept": ("Nej", "No"),
    "is_withdrawn": ("Återtaget", "Withdrawn"),
    "is_on": ("{status}, uppföljt {day}", "{status}, followed up {day}"),
    "is_late": ("{status}; tiden har gått ut", "{status}; time is up"),
    "made_one": ("1 löfte gavs: {parts}.", "1 promise was made: {parts}."),
    "made_many": ("{count} löften gavs: {parts}.", "{count} promises were made: {parts}."),
    "of_kept": ("{count} hölls", "{count} kept"),
    "of_partly_kept": ("{count} hölls delvis", "{count} kept in part"),
    "of_not_kept": ("{count} hölls inte", "{count} not kept"),
    "of_open": ("{count} utan slutligt besked än", "{count} not settled yet"),
    "of_withdrawn": ("{count} togs tillbaka", "{count} withdrawn"),
    "kept_without_result": (
        "Av dem som hölls saknar {count} ett angivet resultat.",
        "Of those kept, {count} have no result stated.",
    ),
    "n_promises_before": (
        "Bedömningen är de ansvarigas egen. Att ett löfte hölls säger att det som lovades gjordes, inte att problemet "
        "har minskat.",
        "The judgement is that of those responsible. That a promise was kept says that what was promised was done, "
        "not that the problem is smaller.",
    ),
}
