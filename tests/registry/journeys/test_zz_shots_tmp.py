import pathlib
from django.utils import timezone
from egide_registry.demo.seed import seed
from egide_registry.psp.models import File, Request
from egide_registry.commissions.models import Session
from support.journeys import reading
from support.registry import acting
OUT = pathlib.Path("/tmp/w/shots/demo")
def test_shots(database, live, chromium):
    made = seed(on=timezone.localdate())
    m = made.here.mandates
    with acting(m["association"]):
        path = File.objects.filter(state="in_path").first()
        draft = Request.objects.filter(state="draft").first()
    with acting(m["delegation"]):
        session = Session.objects.filter(state="convened").first()
    size = {"width": 1200, "height": 860}
    for who, name, url, args in [("delegation","list","psp:home",[]),("association","alist","psp:home",[]),("association","file","psp:file",[path.pk]),("association","section","psp:section",[draft.pk,"situation"]),("delegation","session","commissions:session",[session.pk])]:
        with reading(chromium, live, m[who], viewport=size, locale="fr-FR") as r:
            r.open(url, *args); r.page.screenshot(path=OUT/f"{name}.png")
            r.page.set_viewport_size({"width":320,"height":640}); r.page.screenshot(path=OUT/f"{name}-320.png", full_page=True)
