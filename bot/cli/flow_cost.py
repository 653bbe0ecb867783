"""``lyhord flow cost``: what the SMS of a survey take and cost, as a table or as JSON."""

import json
from collections.abc import Iterator

import click

from bot.cli.opening import load_named_flow, print_problems
from bot.services.costing import ASSUMPTIONS, FlowCost, cost_document, cost_of
from bot.services.publishing import check_document
from flows.catalogue import flow_names, load_with_drafts
from flows.cost import TextCost
from flows.documents import has_errors
from flows.parsing import parse_flow
from flows.wording_checks import BUDGETS


@click.command()
@click.argument("name", metavar="[FLOW]", required=False)
@click.option(
    "--price", type=click.FloatRange(min=0), help="Öre for a segment, as your provider's list says."
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def cost(name: str | None, price: float | None, *, as_json: bool) -> None:
    """How many SMS segments FLOW takes, and with a price what they cost: each text in each language, and a shortest,
    a typical and a longest conversation. Without FLOW, all packaged flows. Drafts are counted too. No text should take
    more than what stands below its language.
    """
    costs = [_cost(flow) for flow in ([name] if name else flow_names())]
    if as_json:
        documents = [cost_document(one, price) for one in costs]
        click.echo(json.dumps({"assumptions": ASSUMPTIONS, "flows": documents}, ensure_ascii=False, indent=2))
        return
    for one in costs:
        for line in _table(one, price):
            click.echo(line)
    for assumption in ASSUMPTIONS:
        click.echo(assumption)


def _cost(name: str) -> FlowCost:
    loaded = load_with_drafts(name) if name in flow_names() else load_named_flow(name)
    problems = check_document(loaded)
    flow = parse_flow(loaded.document, loaded.places).flow
    if flow is None or has_errors(problems):
        print_problems(problems)
        raise click.ClickException("nothing was counted: mend the errors above")
    return cost_of(flow)


def _table(cost: FlowCost, price: float | None) -> Iterator[str]:
    languages = list(dict.fromkeys(text.language for text in cost.texts))
    by_key: dict[str, dict[str, TextCost]] = {}
    for text in cost.texts:
        by_key.setdefault(text.key, {})[text.language] = text
    own = {key: row for key, row in by_key.items() if ":" in key or key == "thanks"}
    service = {key: row for key, row in by_key.items() if key not in own}
    dear = {key: row for key, row in service.items() if any(map(_is_over_budget, row.values()))}
    yield f"{cost.flow}: segments of each text, with its characters and their set"
    yield _line("", languages)
    yield _line("at most", [str(BUDGETS.get(language, 1)) for language in languages])
    for key, row in (own | dear).items():
        yield _line(key, [_size(row[language]) for language in languages])
    yield f"  Of {len(service)} other texts (help, safeguards, reminders), {len(dear) or 'none'} take more than that."
    yield f"{cost.flow}: a whole conversation"
    for one in cost.conversations:
        name = f"{one.language} {one.route}"
        counted = f"{one.messages:>4} messages ({one.ucs2_messages} UCS-2) {one.segments:>4} segments"
        sums = "" if price is None else f"  SEK {one.segments * price / 100:.2f}"
        yield f"  {name:<28}{counted}{sums}"
    yield ""


def _is_over_budget(text: TextCost) -> bool:
    return text.size.segments > BUDGETS.get(text.language, 1)


def _size(text: TextCost) -> str:
    size = text.size
    return f"{size.segments}  {size.units:>3} {size.encoding}"


def _line(name: str, cells: list[str]) -> str:
    return f"  {name:<28}{''.join(f'{cell:<18}' for cell in cells)}".rstrip()
