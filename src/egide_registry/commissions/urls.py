"""Pages of the commission. Opaque identifiers only."""

from django.urls import URLPattern, path

from egide_registry.commissions.views import acts, home, session

app_name = "commissions"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("convoquer/", home.convene, name="convene"),
    path("reglages/", home.settings, name="settings"),
    path("seance/<uuid:session_id>/", session.session, name="session"),
    path("seance/<uuid:session_id>/inscrire/", acts.add, name="add"),
    path("seance/<uuid:session_id>/nouveaux-membres/", acts.newcomers, name="newcomers"),
    path("seance/<uuid:session_id>/presences/", acts.presence, name="presence"),
    path("seance/<uuid:session_id>/tenue/", acts.hold, name="hold"),
    path("seance/<uuid:session_id>/sans-quorum/", acts.no_quorum, name="no_quorum"),
    path("seance/<uuid:session_id>/annuler/", acts.cancel, name="cancel"),
    path("seance/<uuid:session_id>/proces-verbal/", acts.make_minutes, name="minutes"),
    path("seance/<uuid:session_id>/proces-verbal/signe/", session.minutes_pdf, name="minutes_pdf"),
    path("point/<uuid:item_id>/retirer/", acts.remove, name="remove"),
    path("point/<uuid:item_id>/deport/", acts.interest, name="interest"),
    path("point/<uuid:item_id>/avis/", acts.opinion, name="opinion"),
]
