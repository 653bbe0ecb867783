"""A reply read as one choice of a list or one step of a scale. Decides over flows.evidence."""

from collections.abc import Iterator, Sequence

from flows.choices import Choices, Hit
from flows.evidence import LIST_MARKS, NEGATIONS, Evidence, Pick, unclear
from flows.reading import Reading

_TURNS = frozenset({"or", "but", *NEGATIONS})
_DEGREES = frozenset({"very", "fairly"})
_LESS_SURE = frozenset({"compound", "fuzzy"})


def read_one(found: Evidence, *, scale: bool = False) -> Reading:
    """The choice meant; UNCLEAR where two are, where number and word disagree, or where a label is negated."""
    picks = _without_denominator(found) if scale else found.picks
    if picks:
        return _one_by_number(found, picks)
    return _one_without_naming(found, scale) or _one_by_label(found, scale)


def _one_by_number(found: Evidence, picks: Sequence[Pick]) -> Reading:
    chosen = frozenset(pick.choice for pick in picks if pick.choice is not None)
    strays = [pick for pick in picks if pick.choice is None]
    if strays and (not chosen or found.is_listed(strays[0])):
        if found.hits and found.hits[0].start < picks[0].at:
            return _one_by_label(found, scale=False)
        return unclear("out_of_range", found.index.names_of(chosen))
    if len(chosen) > 1:
        return _several_at_once(found, chosen)
    pick = next(pick for pick in picks if pick.choice is not None)
    if _opens_by_label(found, pick):
        return _one_by_label(found, scale=False)
    if found.is_negated(pick.at) or not _stands_out(found, pick):
        return unclear("in_passing", found.index.names_of(chosen))
    disagreeing = _contradiction(found, chosen)
    if disagreeing:
        return unclear("contradiction", found.index.names_of(chosen | disagreeing))
    return found.number_value(chosen, [pick])


def _opens_by_label(found: Evidence, pick: Pick) -> bool:
    """ "Delvis, jag ringde 4 gånger och de kom 1": a wording opens the reply, and more words than it stand before the
    number.
    """
    if not found.hits or not all(map(found.is_filler, range(found.hits[0].start))):
        return False
    between = range(found.hits[0].stop, pick.at)
    said = [at for at in between if not found.is_filler(at) and not found.roles[at] and at not in found.used]
    return bool(said) and any(found.tokens[at].key in LIST_MARKS | {".", "!"} for at in between)


def _stands_out(found: Evidence, pick: Pick) -> bool:
    """Whether the number is the answer and not something counted in passing."""
    ends = all(map(found.is_filler, range(pick.at + 1, len(found.tokens))))
    if pick.named or ends:
        return True
    had = pick.at > 0 and found.roles[pick.at - 1] == "have"  # "jag har 2 barn"
    return not had and all(map(found.is_filler, range(pick.at)))


def _contradiction(found: Evidence, chosen: Choices) -> Choices:
    """Other choices that the words beside the number name, where all of those words are known."""
    positive = [hit.choices for hit in found.hits if not found.is_denied(hit)]
    if found.index.other in chosen or any(chosen & choices for choices in positive):
        return frozenset()
    if found.unknown(pick.at for pick in found.picks):
        return frozenset()
    return frozenset[int]().union(*positive)


def _without_denominator(found: Evidence) -> Sequence[Pick]:
    """ "3/5" and "4 av 5" are the first number where the second is the end of the scale."""
    picks = found.picks
    if len(picks) != 2 or picks[1].choice != len(found.index.names) - 1:
        return picks
    between = range(picks[0].at + 1, picks[1].at)
    out_of = any(found.tokens[at].key == "/" or found.roles[at] == "of" for at in between)
    if out_of and all(found.is_filler(at) or found.roles[at] == "of" for at in between):
        return picks[:1]
    return picks


def _one_without_naming(found: Evidence, scale: bool) -> Reading | None:
    """ "Alla", "båda", "inget", "något annat", "mittemellan": which choice, without a word of its wording."""
    meaning = found.choosing()
    index = found.index
    if meaning in ("all", "both") and not found.hits:
        return unclear("several", index.names)
    if meaning == "none_of_these":
        return found.none_value() if index.none in index.exclusive else unclear("none_of_these")
    if meaning == "none" and index.none is not None and not (scale and found.hits):
        return found.none_value()
    if meaning == "other" and index.other is not None:
        return found.value(frozenset({index.other}), "label", 0.9)
    if meaning == "mean" and scale and len(index.names) % 2:
        return found.value(frozenset({len(index.names) // 2}), "synonym", 0.9)
    return None


def _one_by_label(found: Evidence, scale: bool) -> Reading:
    positive: Sequence[Hit] = [hit for hit in found.hits if not found.is_denied(hit)]
    if found.opens_with_other():
        positive = positive[:1]
    denied = frozenset[int]().union(*(hit.choices for hit in found.hits if hit not in positive))
    if not positive and (far_end := _not_at_all(found)):
        return far_end
    if scale and any(phrase.meaning == "else" for phrase in found.words.deciding.find(found.said.words)):
        return unclear("otherwise", found.index.names_of(denied.union(*(hit.choices for hit in positive))))
    if denied and (scale or not positive):
        return _denied(found, positive, denied, scale)
    if not positive:
        return unclear()
    for hits in (positive, *_fewer(found, positive)):
        common = _common(found, hits, scale) - denied
        if common:
            positive = hits
            break
    else:
        return _several_at_once(found, frozenset[int]().union(*(hit.choices for hit in positive)) - denied)
    if len(common) > 1:
        exact = found.exact(positive, common)
        if len(exact) != 1:
            return unclear("ambiguous", found.index.names_of(common))
        common = exact
    return found.label_value(common, positive)


def _fewer(found: Evidence, hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    """The words that weigh most, where all together name nothing."""
    if "and" not in found.roles:
        hits = _surest(hits)
        yield hits
    if "but" not in found.roles and (weighty := _without_degree(found, hits)):
        yield weighty


def _several_at_once(found: Evidence, choices: Choices) -> Reading:
    """ "Bor och jobbar" where one choice is "flera av dem"; otherwise unclear."""
    several = found.index.several
    if several is None or several in choices or "and" not in found.roles or _TURNS & set(found.roles):
        return unclear("several", found.index.names_of(choices))
    return found.value(frozenset({several}), "several", 0.9)


def _not_at_all(found: Evidence) -> Reading | None:
    """ "Inte ett dugg", where one choice alone says "inte alls" in other words."""
    roles = set(found.roles)
    ends = found.index.not_at_all
    denials = (at for at, key in enumerate(found.said.keys) if found.words.polarity.whole([key]) == "denies")
    if ends is None or not {"not", "at_all"} <= roles or found.unknown(denials):
        return None
    return found.value(frozenset({ends}), "synonym", 0.9)


def _surest(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Without what stands in a compound or is misspelt: "mörkt på gångvägen" is about the dark and not the road."""
    return [hit for hit in hits if hit.how not in _LESS_SURE] or hits


def _without_degree(found: Evidence, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Without "mycket", in "mycket mindre" where the choice is "mindre"."""
    concepts = found.words.concepts
    return [hit for hit in hits if not _DEGREES & concepts.get((found.said.keys[hit.start],), frozenset())]


def _common(found: Evidence, hits: Sequence[Hit], scale: bool) -> Choices:
    """The choices that all words allow. "Really" and "lite" count only where they fit the others."""
    strong = [hit for hit in hits if found.said.keys[hit.start] not in found.words.fillers] or hits
    common = strong[0].choices.intersection(*(hit.choices for hit in strong))
    for hit in hits:
        common = common & hit.choices or common
    if (
        not common
        and scale
        and found.words.concepts.get((found.said.keys[hits[0].start],)) == frozenset({"neither"})
    ):
        return hits[0].choices
    return common


def _denied(found: Evidence, positive: Sequence[Hit], denied: Choices, scale: bool) -> Reading:
    """ "Not safe at all" is the far end of the scale; any other negation may be a step or two."""
    last = len(found.index.names) - 1
    if scale and not positive and "at_all" in found.roles and all(choice < last / 2 for choice in denied):
        return found.value(frozenset({last}), "opposite", 0.8)
    return unclear("negated", found.index.names_of(denied))
