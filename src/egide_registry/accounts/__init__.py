"""Who is who: departments, bodies, persons who work here, their mandates, and how they sign in."""
