"""Every page of the site, signed out and in every role, on a phone and on a desk: nothing that axe finds wrong."""

import re
from collections import deque
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urldefrag, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from consult.accounts import registration
from consult.amendments.models import Amendment
from consult.coauthors import services as coauthors
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.demo import services as demo
from consult.discussions import services as discussions
from consult.discussions.models import Discussion, Openers
from consult.notices import mails as notices
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.proposals.models import CallField, FieldKind
from consult.results import bulk, replies
from consult.results.models import BatchKind, Verdict
from tests.conftest import POSTGRESQL
from tests.journeys import asking, balloting, bringing, deciding, proposing, reading, signing

WIDTHS = [375] if POSTGRESQL else [375, 1280]
"""On PostgreSQL pages are walked to see that each answers; how wide the window is makes no difference to it."""
PEOPLE = {
    "visitor": None, "citizen": "cittadina@example.org", "unverified": "cittadino@example.org",
    "organisation": "associazione@example.org", "moderator": "moderatrice@example.org",
    "plan office": "ufficio@example.org", "steering": "regia@example.org", "guarantor": "garante@example.org",
    "desk": "sportello@example.org", "administrator": "admin@example.org",
}
UNLINKED = {
    "identity.begin", "identity.come_back", "publishing.of_plan",  # they send on at once
    "identity.enter", "factors.new_passkey",  # walked where there is a provider, and a name: in modules of their own
    "health", "static", "publishing.download", "attachments.show", "attachments.small",  # no pages
    "surveys.image", "surveys.file",  # no pages either
    "office_asking.proposals", "ballots_exchange.papers",  # files
    "sorting_topics.progress",  # a part of a page
    "remarks.place", "remark_answering.decide",  # walked in a module of its own
    "concluding.show", "concluding.kept", "concluding_office.mark",  # walked in test_concluding, a file beside them
    "restitution.earlier_of_activity", "restitution.earlier_of_axis",  # as the editions that follow them
}
"""Endpoints that no page links to."""
NOT_PAGES = re.compile(
    r"\.(json|csv|xlsx|zip|docx|odt|pdf|md|svg|ics|xml|jsonl|txt|atom|pb|soc|soi|toc|toi|cat)(\?|$)|/scarica|/esporta")

seen_by_anyone: dict[str, set[str]] = {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_accessible(visit, site, who, width):
    visitor = visit(width)
    if PEOPLE[who]:
        visitor.sign_in(PEOPLE[who])
    faults, seen = [], set()
    ahead = deque(["/"])
    known = {"/"}
    while ahead:
        path = ahead.popleft()
        kind = page_kind(site, path)
        if kind is None or kind in seen:
            continue
        response = visitor.page.goto(site.url + path)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        seen.add(kind)
        assert response.status == 200, f"{who} is sent to {path}, which answers {response.status}"
        assert visitor.page.locator("h1").count() == 1, f"{path} has not one h1"
        too_wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if too_wide > 0:
            faults.append(f"{path} is {too_wide} pixels wider than the window")
        if kind not in seen_by_anyone.setdefault(f"{width}", set()) or who in ("visitor", "citizen"):
            faults += [f"{path}: {fault}" for fault in visitor.axe()]
            seen_by_anyone[f"{width}"].add(kind)
        for link in visitor.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urldefrag(link).url.removeprefix(site.url)
            if link.startswith(site.url) and target not in known and not NOT_PAGES.search(target):
                known.add(target)
                ahead.append(target)
    assert faults == []


@pytest.fixture
def look(site):
    """`look(visitor, path)`: what axe finds on a page, or on the one that is open, which then counts as met."""

    def at(visitor, path=None):
        if path:
            response = visitor.page.goto(site.url + path)
            assert response.status == 200, f"{path} answers {response.status}"
        here = visitor.page.url.removeprefix(site.url)
        width = visitor.page.viewport_size["width"]
        seen_by_anyone.setdefault(f"{width}", set()).add(page_kind(site, here))
        return [f"{here}: {fault}" for fault in visitor.axe()]

    return at


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_no_link_leads_to_are_accessible(visit, look, width):
    for path in ("/posta-inviata", "/conferma", "/percorsi"):
        assert look(visit(width), path) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_after_an_act_of_a_citizen_are_accessible(visit, look, width):
    citizen = visit(width)
    citizen.sign_in("cittadina@example.org")
    page = citizen.open("/proposte/5")
    page.fill("#commenta [name=body]", f"Una panchina in più, larga {width}.")
    page.click("#commenta form button")
    faults = look(citizen, page.locator("a[href$='/modifica']").last.get_attribute("href"))
    page = citizen.open("/raccolte/1/proponi")
    page.fill("[name=title]", "Una bozza")
    page.fill("[name=body]", "Un testo che basta appena per essere tenuto come bozza, e non di più.")
    page.click("button[value=draft]")
    citizen.open("/raccolte/1/proponi")
    faults += look(citizen, page.locator("main a[href$='/modifica']").first.get_attribute("href"))
    citizen.open("/votazioni/6/vota")
    page.check("#choice-B05")
    page.click("form[data-paper] button.btn-primary")
    faults += look(citizen)
    page.click("main form[method=post] button.btn-primary")
    faults += look(citizen)
    for path in ("/discussioni/1/commenti", "/commenti/49", "/questionari/4/grazie"):
        faults += look(citizen, path)
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_after_an_act_of_the_plan_office_are_accessible(visit, look, width):
    office = visit(width)
    office.sign_in("ufficio@example.org")
    page = office.open("/percorsi/rovano-2035/documenti")
    page.check("[name=format][value=md]")
    page.click("main form[method=post] button")
    faults = look(office)
    faults += look(office, "/piani/rovano-2035/consultazioni/nuova")
    faults += look(office, "/proposte/3/esito")
    page.check("[name=verdict][value=partly]")
    page.fill("[name=reasons]", "Il marchio è utile: si comincia dal disciplinare comune.")
    page.click("main form[method=post] button")
    faults += look(office, "/proposte/3/esito/decisione")
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_the_second_step_are_accessible(visit, look, width):
    person = visit(width)
    person.sign_in("cittadino@example.org")
    page = person.open("/profilo/secondo-passo")
    page.click("form[action='/profilo/secondo-passo/app/inizia'] button")
    faults = look(person)
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("form[action='/profilo/secondo-passo/app'] button")
    faults += look(person)
    for path in ("/profilo/secondo-passo/passkey", "/profilo/secondo-passo/codici"):
        faults += look(person, path)
    other = visit(width)
    other.sign_in("cittadino@example.org")
    faults += look(other) + look(other, "/accedi/secondo-passo/recupero")
    person.open("/profilo/secondo-passo").click("form[action='/profilo/secondo-passo/app/togli'] button")
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_verification_are_accessible(visit, look, width):
    faults = look(visit(width), "/codice")
    person = visit(width)
    person.sign_in("cittadino@example.org")
    faults += [fault for path in ("/profilo/residenza/codice", "/codice/ABCD-EFGH-JKLM", "/profilo/residenza/registro",
                                 "/profilo/riconosci") for fault in look(person, path)]
    clerk = visit(width)
    clerk.sign_in("sportello@example.org")
    for email in ("cittadino@example.org", "cittadina@example.org"):
        page = clerk.open("/sportello/verifica")
        page.fill("[name=email]", email)
        page.click("main form button.btn-primary")
        faults += look(clerk)
        page.fill("[name=tax_code]", "RSSMRA80A01H501U")
        for name in ("document", "municipality", "age_band"):
            page.select_option(f"[name={name}]", index=1)
        page.fill("[name=reason]", "Non ha lo SPID.")
        page.click("main form button.btn-primary")
    clerk.open("/sportello/conflitti").locator("main a[href^='/sportello/conflitti/']").first.click()
    assert faults + look(clerk) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_invitations_and_registrations_are_accessible(visit, look, site, width):
    founder, office = visit(width), visit(width)
    founder.sign_in("cittadino@example.org")
    office.sign_in("ufficio@example.org")
    page = founder.open("/profilo/organizzazioni/nuova")
    page.fill("[name=name]", f"Banda musicale {width}")
    page.select_option("[name=category]", index=1)
    page.fill("main [name=description]", "Suoniamo nelle feste dei cinque comuni e teniamo una scuola di musica.")
    page.click("main form button.btn-primary")
    own = urlsplit(page.url).path
    faults = look(founder, f"{own}/modifica")
    desk = f"/ufficio/organizzazioni/{own.rpartition('/')[2]}"
    faults += look(office, f"{desk}/rifiuta")
    office.open("/ufficio/organizzazioni").locator("form[action$='/verifica'] button").first.click()
    page = founder.open(f"{own}/descrizione")
    page.fill("main [name=description]", "Suoniamo nelle feste della valle, e la scuola ha sessanta allievi.")
    page.click("main form button.btn-primary")
    page = founder.open(f"{own}/invita")
    page.fill("[name=email]", f"banda{width}@example.org")
    page.check("[name=kind][value=speaks]")
    page.click("main form button.btn-primary")
    assert faults + look(visit(width), link_to(site, f"banda{width}@example.org")) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_letters_lead_to_are_accessible(visit, look, site, width):
    admin, person = visit(width), visit(width)
    admin.sign_in("admin@example.org")
    page = admin.open("/ufficio/ruoli/invita")
    page.fill("[name=email]", f"nuova{width}@example.org")
    page.select_option("[name=role]", "moderator")
    page.click("main form button.btn-primary")
    faults = look(visit(width), link_to(site, f"nuova{width}@example.org"))
    person.sign_in("cittadino@example.org")
    page = person.open("/profilo/indirizzo")
    page.fill("[name=email]", f"altrove{width}@example.org")
    page.click("main form button.btn-primary")
    assert faults + look(visit(width), link_to(site, f"altrove{width}@example.org")) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_one_s_account_that_letters_lead_to_are_accessible(visit, look, site, width):
    email = f"appena{width}@example.org"
    with site.app.app_context():
        registration.register(email, password=demo.PASSWORD, name="Appena", municipality_id=None, language="it")
        registration.ask_reset("cittadino@example.org", language="it")
        db.session.commit()
    faults = look(visit(width), link_to(site, email))
    assert faults + look(visit(width), link_to(site, "cittadino@example.org")) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_give_back_what_was_typed_are_accessible(visit, look, width):
    citizen = visit(width)
    citizen.sign_in("cittadina@example.org")
    page = citizen.open("/proposte/5")
    page.fill("#commenta [name=body]", "Una panchina in più, davanti alla scuola.")
    page.context.clear_cookies()
    page.click("#commenta form button")
    faults = citizen.axe()
    citizen.press("Invia di nuovo")
    page.fill("[name=email]", "cittadina@example.org")
    page.fill("[name=password]", "dimostrazione")
    page.click("main form button")
    assert faults + look(citizen) == []


def link_to(site, address):
    """The path of the link in the last letter to an address."""
    site.work()
    return re.search(r"http://[^/\s]+(/\S+)", site.letters.to(address)[-1])[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_deliberation_are_accessible(visit, look, site, width):
    with site.app.app_context():
        prepared = deliberation(width)
    visitor, faults = visit(width), []
    for path in prepared["for everybody"]:
        faults += look(visitor, path)
    for email, paths in prepared["for people"].items():
        person = visit(width)
        person.sign_in(email)
        for path in paths:
            faults += look(person, path)
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_questionnaires_are_accessible(visit, look, site, width):
    with site.app.app_context():
        survey_id = asking.prepared()
        pages = asking.in_the_office(survey_id) + asking.reading()
        batch, table = asking.differing_sheet(survey_id), asking.table_of_answers(survey_id)
        db.session.commit()
    office, faults = visit(width), []
    office.sign_in("ufficio@example.org")
    for path in [*pages, *batch]:
        faults += look(office, path)
    page = office.open(f"/questionari/{survey_id}/carta/file")
    page.set_input_files("[name=file]", files=[table])
    page.click("main form button.btn-primary")
    faults += look(office)
    office.open(f"/questionari/{survey_id}/risposte").click("main form[method=post] button.btn-primary")
    assert faults + look(office) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_ballots_opinions_figures_and_reviews_are_accessible(visit, look, site, width):
    with site.app.app_context():
        pages = {"ufficio@example.org": balloting.in_the_office(width),
                 "sportello@example.org": balloting.on_paper(width), "cittadina@example.org": balloting.of_citizens(),
                 "garante@example.org": ["/votazioni/6/registro/annulla"]}
        for email, paths in deciding.objected(width).items():
            pages.setdefault(email, []).extend(paths)
        db.session.commit()
    faults = []
    for email, paths in pages.items():
        visitor = visit(width)
        visitor.sign_in(email)
        for path in paths:
            faults += look(visitor, path)
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_a_pact_that_is_signed_are_accessible(visit, look, site, width):
    office, faults = visit(width), []
    office.sign_in("ufficio@example.org")
    for prepare in (signing.unsigned, signing.signed):
        with site.app.app_context():
            pages = prepare(width)
            db.session.commit()
        for path in pages:
            faults += look(office, path)
    with site.app.app_context():
        signing.back()
        db.session.commit()
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_a_second_reading_is_accessible(visit, look, site, width):
    with site.app.app_context():
        path = reading.prepared(width)
        db.session.commit()
    moderator = visit(width)
    moderator.sign_in("moderatrice@example.org")
    assert look(moderator, path) + look(moderator, "/moderazione/qualita") + look(moderator, "/moderazione/tasti") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_what_is_blacked_out_withheld_and_brought_are_accessible(visit, look, site, width):
    with site.app.app_context():
        id, withheld = deciding.blacked_out(width), bringing.reservation()
        db.session.commit()
    moderator, office, faults = visit(width), visit(width), []
    moderator.sign_in("moderatrice@example.org")
    desk = f"/moderazione/contribution/{id}"  # as things of other sources are decided
    for path in (f"/moderazione/{id}/uncover", f"{desk}/uncover", f"{desk}/redact", f"{desk}/lock", withheld):
        faults += look(moderator, path)
    office.sign_in("ufficio@example.org")
    bringing.chosen(office.open(bringing.SEND), comments=bringing.COMMENTS, votes=bringing.VOTES)
    office.press("Guarda che cosa entrerebbe")
    assert faults + look(office) == []


def deliberation(width):
    """Have one of everything that people deliberate with in the demonstration; answers the addresses by who opens them.
    """
    office, citizen = proposing.person("ufficio@example.org"), proposing.person("cittadina@example.org")
    call = proposing.open_call()
    wording = proposals.Wording(title=f"Panchine, larghe {width}", body="Chiediamo panchine lungo il viale dei tigli.")
    proposal = proposals.submit(call, citizen, wording)
    if not proposal.public:
        contributions.change_state(proposal, State.PUBLISHED, proposing.person("moderatrice@example.org"))
    proposals.edit(proposal, citizen, replace(wording, body=f"{wording.body} All'ombra."), seen=proposal.version,
                   reason="D'estate il viale scotta.")
    if not proposal.public:
        contributions.change_state(proposal, State.PUBLISHED, proposing.person("moderatrice@example.org"))
    amendment = Amendment(
        code=contributions.next_code(call, "amendment"), activity=call, author=office, proposal=proposal,
        base_version=proposal.version, title=proposal.title, body=f"{proposal.body} E una fontana.", reason="Per bere.",
        body_html="<p>Per bere.</p>", thread=Thread(activity=call, label=Localized.of("Emendamento")))
    contributions.begin(amendment, State.PUBLISHED)
    amendment.thread.path = f"/emendamenti/{amendment.id}"
    comment = comments.post(proposal.thread, citizen, body="Anche davanti alla scuola.")
    if not comment.public:
        contributions.change_state(comment, State.PUBLISHED, proposing.person("moderatrice@example.org"))
    with clock.at(clock.now() + timedelta(hours=1)):
        comments.edit(comment, citizen, seen=comment.version, body="Anche davanti alla scuola e al nido.")
    if not comment.public:
        contributions.change_state(comment, State.PUBLISHED, proposing.person("moderatrice@example.org"))
    coauthors.invite(proposal, f"insieme{width}@example.org", inviter=citizen, language="it")
    discussion = db.session.scalars(sa.select(Discussion).limit(1)).first() or discussions.prepare(
        call.phase, office, title=Localized.of("Al tavolo"), intro=Localized.of("Di che cosa si parla."),
        negotiable=Localized(), opens_at=clock.now() - timedelta(days=1), closes_at=clock.now() + timedelta(days=40),
        published=True, openers=Openers.EVERYBODY, moderation=ModerationMode.AFTER)
    topic = discussions.open_topic(discussion, citizen, title="Orari", body="Quali orari servono?", columns=True)
    field = CallField(call=call, position=9, kind=FieldKind.DATE, label=Localized.of(f"Entro quando {width}"),
                      help=Localized())
    db.session.add(field)
    process = call.phase.process
    template = replies.add(process, office, name=f"Accolta {width}", verdict=Verdict.ACCEPTED,
                           text=Localized.of("La proposta {titolo} è accolta, grazie."))
    batch = bulk.send(process, office, BatchKind.PROPOSED, name="esiti.csv", lines=[])
    db.session.commit()
    here, call_here, desk = f"/proposte/{proposal.id}", f"/raccolte/{call.id}", f"/ufficio/percorsi/{process.slug}"
    return {
        "for everybody": [
            f"{here}/emendamenti", f"/emendamenti/{amendment.id}", f"{here}/versioni", f"{here}/versioni/1",
            f"{here}/versioni/confronta?da=1&a=2", f"/commenti/{comment.id}/versioni", f"/confronti/{discussion.id}",
            topic.thread.path, link_in_letters(f"insieme{width}@example.org"),
            f"/avvisi/basta/{notices.token(citizen.id)}"],
        "for people": {
            "cittadina@example.org": [
                f"/emendamenti/{amendment.id}/accetta", f"/emendamenti/{amendment.id}/respingi", f"{here}/autori",
                f"/argomenti/{topic.id}/modifica", f"/confronti/{discussion.id}/apri"],
            "cittadino@example.org": [f"{here}/emenda", "/discussioni/opzione/1/commenti"],
            "moderatrice@example.org": [f"{here}/versioni/1/nascondi"],
            "ufficio@example.org": [
                f"/argomenti/{topic.id}/sintesi", f"/ufficio/raccolte/{call.id}/campi/nuovo",
                f"/ufficio/raccolte/{call.id}/campi/{field.id}", f"{desk}/risposte", f"{desk}/risposte/nuova",
                f"/ufficio/risposte/{template.id}", f"{desk}/esiti", f"/ufficio/esiti/{batch.id}",
                f"{call_here}/unisci", f"{here}/dividi"],
        }}


def link_in_letters(address):
    """The path of the link in what waits to be sent to an address."""
    text = db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.recipient == address)
                              .order_by(OutboxMessage.id.desc()).limit(1)).one()
    return re.search(r"http://[^/\s]+(/inviti/\S+)", text)[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_meetings_at_each_stage_are_accessible(visit, look, width):
    """Each meeting of the demonstration is at another stage, and its desk leads to what can be done then."""
    office = visit(width)
    office.sign_in("ufficio@example.org")
    ways = ("convoca", "annulla", "modifica", "presenze", "punti", "verbale", "invia", "correzioni", "approva", "note")
    found = {}
    for title in ("Forum di metà percorso", "Secondo incontro del Tavolo Ambiente", "Passeggiata sul fiume",
                  "Tavolo Comunità e servizi in montagna", "Tavolo Economia", "Forum di apertura"):
        page = office.open("/percorsi/rovano-2035/incontri")
        page.locator("main h3 a", has_text=title).click()
        page.locator("main a[href^='/ufficio/incontri/']").click()
        for way in ways:
            links = page.locator(f"main a[href^='/ufficio/'][href*='/{way}']")
            if way not in found and links.count():
                found[way] = links.first.get_attribute("href")
    assert set(found) == set(ways)
    faults = [fault for path in found.values() for fault in look(office, path)]
    look(office, found["correzioni"])
    further = [page.locator(f"main a[{which}]").first.get_attribute("href")
               for which in ("href^='/ufficio/correzioni/'", "href$='/verbale/correzioni'")]
    assert [*faults, *(fault for path in further for fault in look(office, path))] == []


def test_no_page_was_left_out(site):
    """The walks above met every endpoint that answers a page."""
    met = {kind.partition(" ")[0] for kinds in seen_by_anyone.values() for kind in kinds}
    if not seen_by_anyone:
        pytest.fail("run together with the walks")
    adapter_rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in rule.methods]
    left_out = sorted({rule.endpoint for rule in adapter_rules
                       if rule.endpoint not in met and rule.endpoint not in UNLINKED
                       and not NOT_PAGES.search(rule.rule)})
    assert " ".join(left_out) == ""


def page_kind(site, path):
    """What kind of page an address is: its endpoint, whatever filters it has. None for what is no page."""
    adapter = site.app.url_map.bind("localhost")
    parts = urlsplit(path)
    try:
        endpoint, values = adapter.match(parts.path or "/", method="GET")
    except HTTPException:
        return None
    if endpoint == "static" or "lingua=" in parts.query:
        return None
    shown = values.get("name", "") if endpoint == "processes.page" else ""
    return f"{endpoint} {shown}".strip()
