"""How the report looks in a browser and on paper from it: one accent, room around everything, light and dark."""

from collections.abc import Sequence

from summary.exporters.drawing.palette import SHADES, STEPS, ink_on

_LIGHT = {
    "ink": "#1f2933", "soft": "#52606b", "line": "#c9d1d8", "paper": "#ffffff", "tint": "#eef3f7", "accent": "#1b4f72",
    "warn": "#8a1c1c", "warn-tint": "#fbe9e7", "residents": "#1b4f72", "employees": "#c8702a", "hatch": "#8a96a0",
}  # fmt: skip
_DARK = {
    "ink": "#e6ebef", "soft": "#b3bec7", "line": "#45525d", "paper": "#14191e", "tint": "#1e262d", "accent": "#8cc3e8",
    "warn": "#ffb4a8", "warn-tint": "#3a1f1c", "residents": "#5aa2d4", "employees": "#f2b885", "hatch": "#7d8a95",
}  # fmt: skip
_DARK_STEPS = ("#22323f", "#2b4659", "#345b75", "#3e7092", "#6ba3c8", "#a9d3ef")
_DARK_INKS = ("#ffffff", "#ffffff", "#ffffff", "#ffffff", "#10161b", "#10161b")

_RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 "Noto Sans","Segoe UI",Arial,sans-serif}
.skip{position:absolute;left:-999rem;background:var(--paper);color:var(--accent);padding:.75rem 1rem}
.skip:focus{left:0;top:0;z-index:1}
main,header,nav,footer{max-width:50rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
main nav{padding:0}
h1{font-size:2rem;line-height:1.2;margin:0 0 .35rem;color:var(--accent);overflow-wrap:anywhere}
h2{font-size:1.5rem;line-height:1.25;margin:3.5rem 0 1rem;padding-bottom:.35rem;
border-bottom:2px solid var(--accent);color:var(--accent)}
.front h2{font-size:1.15rem;line-height:1.35;margin:2.25rem 0 .5rem;padding:0;border:0;color:var(--ink)}
h3{font-size:1.15rem;line-height:1.35;margin:2.25rem 0 .5rem}
h4{font-size:1rem;line-height:1.4;margin:1.75rem 0 .5rem}
h2,h3,h4,p,li,dt,dd,caption,figcaption{overflow-wrap:anywhere}
tbody th{overflow-wrap:break-word;hyphens:auto}
p{margin:.5rem 0}
p,li,dd{max-width:43rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.subtitle,.status,.note{color:var(--soft)}
.subtitle{font-size:1.1rem;margin-top:0}
.note{font-size:.9em}
.strong{font-weight:700;margin:1rem 0}
.warning{font-weight:700;color:var(--warn);background:var(--warn-tint);padding:.75rem 1rem}
.honesty{background:var(--tint);border-left:5px solid var(--accent);padding:1rem 1.25rem}
ul{padding-left:1.25rem;margin:.5rem 0}
li{margin:.35rem 0}
dl{margin:.5rem 0}
dt{font-weight:700;margin-top:.75rem}
dd{margin:.1rem 0 0}
.beside{display:grid;grid-template-columns:minmax(6rem,max-content) minmax(60%,1fr);gap:.5rem 1.25rem}
.beside dt,.beside dd{margin:0}
nav ol{columns:16rem;padding-left:1.5rem}
nav li{margin:0;padding:.2rem 0;break-inside:avoid}
figure{margin:1.25rem 0}
figcaption,caption{text-align:left;color:var(--soft);font-size:.9rem;margin-bottom:.6rem;padding:0;caption-side:top}
caption{max-width:calc(100vw - 2.5rem)}
.chart{display:block;width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto;margin:1.25rem 0}
table{border-collapse:collapse;min-width:min(100%,26rem);font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums}
th,td{text-align:right;vertical-align:bottom;padding:.35rem .5rem;border-bottom:1px solid var(--line);font-weight:400}
th:first-child,.words{text-align:left}
.worded tbody th,.worded td{vertical-align:top}
.range{white-space:nowrap}
th:first-child{padding-left:0;min-width:9rem}
thead th{font-weight:700;border-bottom:2px solid var(--accent)}
.whole th,.whole td{font-weight:700}
.part1 th:first-child{padding-left:1.1rem}
.part2 th:first-child{padding-left:2.2rem}
.fill{border:1px solid var(--line);background:var(--tint);padding:.75rem 1rem;margin:1rem 0;min-height:6rem}
footer{padding-top:2rem;padding-bottom:3rem;color:var(--soft);font-size:.9rem}
.chart .ink{fill:var(--ink)}
.chart .muted{fill:var(--soft)}
.chart .line{stroke:var(--line)}
.chart .paper{fill:var(--paper)}
.chart .residents{fill:var(--residents)}
.chart .employees{fill:var(--employees)}
.chart .compared{fill:var(--paper);stroke:var(--ink)}
.chart .slope{stroke:var(--residents)}
.chart .hatch{stroke:var(--hatch)}
.chart .hidden,.chart .square{stroke:var(--paper)}
@media (max-width:34rem){.wide{display:none}.narrow{display:block}
.beside{display:block}.beside dt{margin-top:.75rem}
th:first-child{min-width:7rem}h1{font-size:1.6rem}h2{font-size:1.3rem}}
@media screen and (min-width:58rem){
.scroll:has(thead th:nth-child(9)){width:min(94vw,76rem);margin-left:calc(50% - min(47vw,38rem))}
.scroll:has(thead th:nth-child(9)) table{min-width:47.5rem;margin:0 auto}}
@media print{
@page{size:A4;margin:18mm 20mm}
body{font-size:10pt}
main,header,nav,footer{max-width:none;padding:0}
header{padding-top:0}
.skip{display:none}
.wide{display:block}.narrow{display:none}
.scroll{overflow:visible}
.crowded{font-size:7.5pt}.crowded th,.crowded td{padding:2pt 2.5pt}
.crowded thead th:not(:first-child){writing-mode:sideways-lr;text-align:left;padding:2.5pt 2pt}
h1{font-size:20pt}h2{font-size:15pt;margin-top:24pt}h2#k1{break-before:page;margin-top:0}h3{font-size:11.5pt;margin-top:14pt}h4{font-size:10.5pt}
.front h2{font-size:11.5pt;margin:11pt 0 4pt}
.front{font-size:9.5pt;line-height:1.4}
main nav{display:none}
h2,h3,h4,figcaption,caption{break-after:avoid}
figure,tr,dt,.honesty,.fill,.scroll{break-inside:avoid}
.scroll:has(+ .note){break-after:avoid}
.fill{min-height:22mm}
dt{break-after:avoid}
thead{display:table-header-group}
p,li,dd{orphans:3;widows:3}
a{color:inherit;text-decoration:none}
}
"""


def style() -> str:
    """The whole style sheet. Paper is always light."""
    light = _variables(_LIGHT) + _steps(SHADES, tuple(map(ink_on, range(STEPS))))
    dark = _variables(_DARK) + _steps(_DARK_STEPS, _DARK_INKS)
    rules = f"{light}{_RULES}@media screen and (prefers-color-scheme:dark){{{dark}}}"
    return "".join(rules.strip().splitlines())


def _variables(colours: dict[str, str]) -> str:
    return (
        ":root{color-scheme:light dark;"
        + "".join(f"--{name}:{value};" for name, value in colours.items())
        + "}"
    )


def _steps(colours: Sequence[str], inks: Sequence[str]) -> str:
    return "".join(
        f".chart .step{at}{{fill:{colour}}}.chart .on{at}{{fill:{ink}}}"
        for at, (colour, ink) in enumerate(zip(colours, inks, strict=True))
    )
