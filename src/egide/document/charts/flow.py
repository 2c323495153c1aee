"""The penal chain, from the record of the police to the conviction, drawn as boxes and arrows. Holds no number.

Steps and their names: GLOSSARY.md and the section « The penal chain » of the domain notes.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from egide.document.charts import theme

_BOX_HEIGHT = 58
_LINE = 16

# x, y, width, role, words. Roles: "step" on the way, "stop" where the case ends, "answer" a penal response.
BOXES = (
    (150, 0, 320, "step", ("Plainte ou signalement",)),
    (150, 84, 320, "step", ("Enregistrement", "de la personne mise en cause")),
    (150, 176, 320, "step", ("Orientation", "de l’affaire")),
    (0, 276, 190, "stop", ("Non poursuivable", "classement sans suite")),
    (330, 276, 290, "step", ("Poursuivable",)),
    (0, 386, 190, "stop", ("Poursuite inopportune", "classement sans suite")),
    (215, 386, 190, "answer", ("Alternative réussie,", "composition pénale", "comprise")),
    (430, 386, 190, "answer", ("Poursuite",)),
    (215, 496, 190, "step", ("Juge d’instruction",)),
    (430, 496, 190, "step", ("Juridiction de jugement",)),
    (430, 596, 190, "step", ("Condamnation", "infraction principale,", "peine")),
)
# Arrows between boxes, by rank: from the foot of one to the head of the other; "across" goes from side to side.
ARROWS = ((0, 1), (1, 2), (2, 3), (2, 4), (4, 5), (4, 6), (4, 7), (7, 8), (7, 9), (9, 10))
ACROSS = ((8, 9),)
# Who acts, beside the boxes: x, y of the middle, lines.
ACTORS = (
    (70, 22, ("Victime, proche,", "professionnel")),
    (70, 109, ("Police,", "gendarmerie")),
    (70, 203, ("Parquet",)),
    (95, 520, ("Juges",)),
)
# What the looks mean: y, role, words.
LEGEND = ((600, "answer", "Réponse pénale"), (628, "stop", "Fin de l’affaire"))
_LOOKS = {
    "step": (theme.BAND, theme.AXIS, theme.INK, ""),
    "stop": (theme.GROUND, theme.AXIS, theme.INK, ' stroke-dasharray="4 3"'),
    "answer": (theme.SERIES[0], theme.SERIES[0], theme.GROUND, ""),
}


def penal_chain() -> str:
    """SVG of the chain, 620 px wide, ready to be finished like any chart."""
    height = max(y + _height(words) for _, y, _, _, words in BOXES) + 4
    arrows = "".join(_arrow(*pair) for pair in ARROWS) + "".join(_across(*pair) for pair in ACROSS)
    boxes = "".join(_box(*box) for box in BOXES)
    actors = "".join(_actor(*actor) for actor in ACTORS)
    legend = "".join(_entry(*entry) for entry in LEGEND)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{theme.WIDTH + 4}" height="{height + 2}" '
        f'viewBox="-2 -2 {theme.WIDTH + 4} {height + 2}">'
        f'<g font-family="{theme.FONT}" text-anchor="middle">{arrows}{boxes}{actors}{legend}</g></svg>'
    )


def _height(words: tuple[str, ...]) -> int:
    return max(_BOX_HEIGHT - 14, 14 + _LINE * len(words) + 8)


def _box(x: int, y: int, width: int, role: str, words: tuple[str, ...]) -> str:
    height = _height(words)
    fill, stroke, ink, dash = _LOOKS[role]
    first = y + height / 2 - _LINE * (len(words) - 1) / 2
    lines = "".join(
        f'<text x="{x + width / 2:g}" y="{first + _LINE * rank + 4.5:g}" font-size="{theme.TEXT}px" fill="{ink}" '
        f'font-weight="{700 if rank == 0 else 400}">{escape(line)}</text>'
        for rank, line in enumerate(words)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="1.4"{dash}/>{lines}'
    )


def _actor(x: int, y: int, lines: tuple[str, ...]) -> str:
    first = y - _LINE * (len(lines) - 1) / 2 + 4.5
    return "".join(
        f'<text x="{x}" y="{first + _LINE * rank:g}" font-size="{theme.TEXT}px" font-style="italic" '
        f'fill="{theme.MUTED}">{escape(line)}</text>'
        for rank, line in enumerate(lines)
    )


def _entry(y: int, role: str, words: str) -> str:
    fill, stroke, _, dash = _LOOKS[role]
    return (
        f'<rect x="0" y="{y}" width="24" height="16" rx="3" fill="{fill}" stroke="{stroke}" stroke-width="1.4"{dash}/>'
        f'<text x="34" y="{y + 12.5:g}" font-size="{theme.TEXT}px" text-anchor="start" fill="{theme.INK}">'
        f"{escape(words)}</text>"
    )


def _arrow(start: int, end: int) -> str:
    """Down, across at mid-height, down again."""
    ax, ay, aw, _, words = BOXES[start]
    bx, by, bw, _, _ = BOXES[end]
    foot, middle = ay + _height(words), (ay + _height(words) + by) / 2
    from_x, to_x = ax + aw / 2, bx + bw / 2
    path = f"M{from_x:g},{foot:g}V{middle:g}H{to_x:g}V{by - 7:g}"
    return _stroke(path) + _head(to_x, by, down=True)


def _across(start: int, end: int) -> str:
    ax, ay, aw, _, words = BOXES[start]
    middle = ay + _height(words) / 2
    return _stroke(f"M{ax + aw:g},{middle:g}H{BOXES[end][0] - 7:g}") + _head(BOXES[end][0], middle, down=False)


def _stroke(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{theme.MUTED}" stroke-width="1.6"/>'


def _head(x: float, y: float, *, down: bool) -> str:
    shape = f"M{x:g},{y:g}l-5,-8h10Z" if down else f"M{x:g},{y:g}l-8,-5v10Z"
    return f'<path d="{shape}" fill="{theme.MUTED}"/>'
