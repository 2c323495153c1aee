"""Addresses of the exit path: opaque identifiers and acts, never a word about a person."""

from django.urls import path

from egide_registry.psp.views import (
    alarms,
    appeals,
    choices,
    deciding,
    diagram,
    examining,
    file,
    filing,
    listing,
    outcomes,
    paths,
    rights,
    transfers,
)

app_name = "psp"

REQUEST, FILE = "dossiers/demandes/<uuid:key>/", "dossiers/<uuid:file_id>/"

urlpatterns = [
    path("dossiers/", listing.home, name="home"),
    path("dossiers/sans-suite/", listing.silence, name="silence"),
    path("dossiers/alertes/", alarms.page, name="alarms"),
    path("dossiers/reglages/", choices.page, name="choices"),
    path("dossiers/ouvrir/", filing.new, name="new"),
    path("dossiers/etats/", diagram.states, name="states"),
    path("dossiers/transferts/", transfers.page, name="transfers"),
    path("dossiers/transferts/<uuid:key>/<slug:code>/", transfers.act, name="transfer_act"),
    path("dossiers/pieces/<uuid:key>/", filing.document, name="document"),
    path("dossiers/pieces/<uuid:key>/retirer/", filing.remove_document, name="remove_document"),
    path("dossiers/recours/<uuid:key>/", appeals.page, name="appeal"),
    path("dossiers/droits/<uuid:key>/", rights.right, name="right"),
    path(REQUEST, filing.request_page, name="request"),
    path(f"{REQUEST}page/<slug:name>/", filing.section, name="section"),
    path(f"{REQUEST}joindre/", filing.add_document, name="add_document"),
    path(f"{REQUEST}retirer/", filing.withdraw, name="withdraw"),
    path(f"{REQUEST}accuse/", examining.receipt, name="receipt"),
    path(f"{REQUEST}pieces/", examining.ask_pieces, name="ask_pieces"),
    path(f"{REQUEST}complete/", examining.declare_complete, name="declare_complete"),
    path(f"{REQUEST}decision/", deciding.page, name="decision"),
    path(f"{REQUEST}decision/<slug:outcome>/", deciding.paper, name="decision_pdf"),
    path(f"{REQUEST}accorder/", deciding.grant, name="grant"),
    path(f"{REQUEST}refus/proposer/", deciding.propose_refusal, name="propose_refusal"),
    path(f"{REQUEST}refus/renoncer/", deciding.drop_refusal, name="drop_refusal"),
    path(f"{REQUEST}refus/confirmer/", deciding.confirm_refusal, name="confirm_refusal"),
    path(f"{REQUEST}notifier/", deciding.notify, name="notify"),
    path(f"{REQUEST}clore/", deciding.close_request, name="close_request"),
    path(f"{REQUEST}recours/", appeals.lodge, name="lodge"),
    path(FILE, file.page, name="file"),
    path(f"{FILE}renouveler/", filing.renew, name="renew"),
    path(f"{FILE}suspendre/", paths.suspend, name="suspend"),
    path(f"{FILE}sortie/proposer/", paths.propose_exit, name="propose_exit"),
    path(f"{FILE}sortie/renoncer/", paths.drop_exit, name="drop_exit"),
    path(f"{FILE}sortie/confirmer/", paths.confirm_exit, name="confirm_exit"),
    path(f"{FILE}terminer/", paths.end_on_request, name="end_on_request"),
    path(f"{FILE}terme/", paths.end_at_term, name="end_at_term"),
    path(f"{FILE}clore/", paths.close, name="close"),
    path(f"{FILE}rouvrir/", paths.reopen, name="reopen"),
    path(f"{FILE}transfert/", transfers.ask, name="transfer"),
    path(f"{FILE}droits/", rights.new, name="right_new"),
    path(f"{FILE}afis/", rights.afis, name="afis"),
    path(f"{FILE}situation/<slug:moment>/", outcomes.record, name="outcome"),
]
