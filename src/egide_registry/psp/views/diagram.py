"""The tables of states, drawn: what may follow what, who may do it, and on which legal basis."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import LABELS
from egide_registry.psp.rules import diagram
from egide_registry.psp.rules.states import TABLES


@mandated()
@require_GET
def states(http: ActingRequest) -> HttpResponse:
    """Each table as a drawing, then as a table that says the same."""
    drawn = [
        {
            "name": table.name[0].upper() + table.name[1:],
            "drawing": mark_safe(diagram.draw(table, id=name)),  # made of our own labels
            "rows": [
                (
                    number,
                    one.label,
                    table.label(one.source),
                    table.label(one.target),
                    ", ".join(sorted(LABELS[role] for role in one.roles)),
                    one.basis,
                    one.needs,
                )
                for number, one in enumerate(table.transitions, start=1)
            ],
        }
        for name, table in TABLES.items()
    ]
    return render(http, "psp/states.html", {"tables": drawn})
