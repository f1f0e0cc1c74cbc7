"""What was hidden, blacked out, withdrawn or waits is in no page, search, file and mail, whatever its kind."""

import itertools
import re
import subprocess
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.discussions import services as discussions
from consult.moderation import contributed
from consult.moderation import services as moderation
from consult.moderation.acts import Order
from consult.moderation.models import Act, Reason
from consult.notices import mails
from consult.notices import services as notices
from consult.notices.models import NoticePace, Pace
from consult.opinions import services as opinions
from consult.organisations import describing
from consult.organisations.models import Description, Standing
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.publishing import services as publishing
from consult.publishing.models import DocumentFormat
from consult.redactions import passages
from consult.remarks import services as remarks
from consult.remarks.models import Wish
from consult.versions import queries as versions
from consult.versions import services as earlier
from consult.voting import services as voting
from tests.factories import WHY
from tests.publishing.reading import words_of

PLACES = {"proposal": "proposte", "amendment": "emendamenti", "comment": "commenti", "paragraph": "commenti",
          "remark": "osservazioni", "topic": "argomenti", "statement": "affermazioni"}
"""Where texts of a kind are read; other pages are asked for with all of them."""
OF_ACTIVITIES = {"raccolte", "votazioni", "questionari", "opinioni", "confronti", "consultazioni", "paragrafi", "piani",
                 "percorsi", "urne", "carta", "risultati", "documenti", "organizzazioni", "discussioni", "profilo"}
OF_STAFF = {"ufficio", "moderazione", "sportello", "static"}
FATES = ("hidden", "blackedout", "withdrawn", "held", "doubled")
WORD = re.compile(r"zq[a-z]+")


def word(*parts):
    """A word that stands nowhere else."""
    return "zq" + "".join(parts)


class Written:
    """A text of each kind for each fate, everything public at first, with words of its own in every part."""

    def __init__(self, make):
        self.make, self.moderator = make, make.person(Role.MODERATOR)
        self.call = make.call(moderation=ModerationMode.AFTER, takes_amendments=True)
        self.section = make.section("La valle è una sola, e si vede da ogni paese.")
        self.base = make.proposal(call=self.call, title="Una panchina", body="Davanti alla scuola.")
        make.link(self.base, self.section)
        self.consultation = make.consultation()
        self.place, self.edition = self.section.paragraphs[0].thread, make.edition()
        self.texts = {(kind, fate): getattr(self, kind)(fate) for kind, fate in itertools.product(PLACES, FATES)}
        self.others = {kind: getattr(self, kind)("open") for kind in PLACES}

    def proposal(self, fate):
        author = self.make.person()
        made = self.make.proposal(call=self.call, author=author, title=f"{word('titolo', fate)} in piazza",
                                  body=f"Prima {word('prima', fate)} basta.")
        proposals.edit(made, author, proposals.Wording(title=made.title, body=f"Serve {word('corpo', fate)} subito."),
                       seen=made.version, reason="Meglio.")
        self.make.link(made, self.section)
        self.make.outcome(made)
        return made

    def amendment(self, fate):
        return self.make.amendment(self.base, f"Davanti alla scuola. {word('emendato', fate)}.",
                                   reason=f"Perché {word('motivo', fate)}.",
                                   body_html=f"<p>Perché {word('motivo', fate)}.</p>")

    def comment(self, fate):
        made = self.make.comment(self.base.thread, body=f"Anche {word('commento', fate)}.")
        comments.post(self.base.thread, self.make.person(), body="Perché?", about=made,
                      quote=f"Anche {word('commento', fate)}")
        return made

    def paragraph(self, fate):
        return self.make.comment(self.place, body=f"Qui manca {word('rilievo', fate)}.")

    def remark(self, fate):
        return self.make.remark(
            self.edition, consultation=self.consultation, wish=Wish.REPLACE, wording=f"Una {word('rifatta', fate)}.",
            body=f"Non dice {word('perche', fate)}.", body_html=f"<p>Non dice {word('perche', fate)}.</p>")

    def topic(self, fate):
        return self.make.topic(title=f"{word('tema', fate)} e orari", body=f"Si apre {word('apertura', fate)}?")

    def statement(self, fate):
        return self.make.statement(text=f"Serve più {word('affermazione', fate)} in valle.")

    def gone(self):
        """The words that may be read no more; an earlier text that says it otherwise has to be decided on too."""
        return {word(part, fate) for fate in FATES for part in (
            "titolo", "prima", "corpo", "emendato", "motivo", "commento", "rilievo", "tema", "apertura",
            "affermazione", "rifatta", "perche")} - {word("prima", "blackedout")} | {word("prima", "open")}

    def decide(self, thing, act, **details):
        moderation.decide(thing, self.moderator, Order(act=act, reason=Reason.SPAM, note=WHY, details=details),
                          seen=moderation.mark(thing))

    def meet_their_fates(self):
        """Hide, black out, withdraw and hold back; of what stays public hide the version before."""
        for (kind, fate), thing in self.texts.items():
            if fate == "hidden":
                self.decide(thing, Act.HIDE)
            elif fate == "doubled":
                self.decide(thing, Act.DUPLICATE, of=self.others[kind].id)
            elif fate == "blackedout":
                self.black_out(thing)
            elif fate == "withdrawn":
                withdraw = {"proposal": proposals, "topic": discussions, "statement": opinions, "comment": comments,
                            "paragraph": comments, "remark": remarks}.get(kind)
                if withdraw:
                    withdraw.withdraw(thing, thing.author)
                else:
                    contributions.change_state(thing, State.WITHDRAWN, thing.author)
            else:
                contributions.change_state(thing, State.PENDING, thing.author)
        shown = self.others["proposal"]
        earlier.hide(shown, versions.numbered(versions.of(shown), 1), self.moderator, reason=FlagReason.SPAM)
        db.session.commit()

    def black_out(self, thing):
        matter = contributed.of(thing)
        said = sorted({found for one in matter.passages() for found in WORD.findall(one.text)})
        for each in said:
            places = passages.found(contributed.of(thing).passages(), each)
            self.decide(thing, Act.REDACT, places=[[one.field, one.start, one.length] for one in places])


@pytest.fixture
def written(make):
    return Written(make)


def addresses(app, written):
    """Every address that somebody without a role may read, with the ids, codes and names there are."""
    ids = {}
    for (kind, _fate), thing in written.texts.items():
        ids.setdefault(PLACES[kind], []).append(thing.id)
    every = sorted(itertools.chain(*ids.values()))
    shown = [thing.id for thing in written.others.values()]
    values = {"n": [1, 2], "number": [1, 2], "edition": [1], "paragraph": [1], "kind": ["opzione"],
              "slug": ["prova", "prova-2035"],
              "code": [thing.code for thing in [*written.texts.values(), *written.others.values()]],
              "name": ["regole", "privacy", "comments", "summary"], "table": ["proposals"], "language": ["it"]}
    site = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        place = rule.rule.split("/")[1]
        if "GET" not in rule.methods or place in OF_STAFF or not rule.arguments <= {"id", *values}:
            continue
        values["id"] = range(1, 9) if place in OF_ACTIVITIES else [*ids.get(place, every), *shown]
        for chosen in itertools.product(*(values[name] for name in sorted(rule.arguments))):
            yield site.build(rule.endpoint, dict(zip(sorted(rule.arguments), chosen, strict=True)))
    for more in ("vista=tabella", "vista=mappa", "ordine=caso", "ordine=ultimi", "ordine=sostenute"):
        yield f"/raccolte/{written.call.id}?{more}"


def text_of(content, headers):
    """All that an answer says: of a workbook or an archive what it packs, of a PDF its text."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    elif content.startswith(b"%PDF"):
        content = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True,
                                 check=True).stdout
    return f"{content.decode('utf-8', 'replace')}\n{headers}".lower()


def found_by(visitor, paths):
    """The words at each address, and which addresses there are."""
    found, there = {}, []
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        if answer.status_code != 404:
            there.append(path)
            words = set(WORD.findall(text_of(answer.get_data(), str(answer.headers))))
            if words:
                found[path] = words
        answer.close()
    return found, there


def test_it_is_in_no_page_and_in_no_file(bare_app, browser, make, written):
    db.session.commit()
    gone = written.gone()
    found, there = found_by(browser(), addresses(bare_app, written))
    assert gone - set().union(*found.values()) == set(), "each word was there to be found before"
    citizen = make.person()
    written.meet_their_fates()
    for visitor in (browser(), browser(citizen)):
        found, _there = found_by(visitor, there)
        assert {path: left for path, words in found.items() if (left := words & gone)} == {}
        assert word("titolo", "open") in set().union(*found.values())


def test_no_search_finds_it(browser, written):
    written.meet_their_fates()
    visitor, call = browser(), written.call.id
    places = (f"/raccolte/{call}", f"/raccolte/{call}/proposte.csv", "/percorsi/prova/proposte",
              "/percorsi/prova/proposte.csv")
    codes = {fate: written.texts["proposal", fate].code for fate in FATES} | {"open": written.others["proposal"].code}
    hits = {(word(part, fate), path) for part, fate, path in itertools.product(
        ("titolo", "prima", "corpo"), codes, places)
        if codes[fate] in visitor.get(f"{path}?q={word(part, fate)}").get_data(as_text=True)}
    assert hits == {(word(part, "open"), path) for part in ("titolo", "corpo") for path in places}


def test_no_document_holds_it(written, tmp_path):
    written.meet_their_fates()
    kinds = itertools.product(("plan", "response"), DocumentFormat)
    for kind, form in kinds:
        target = tmp_path / f"piano.{form.value}"
        publishing.export("prova", kind, "", publishing.Wanted(form=form), target)
        told = set(WORD.findall(words_of(target).lower()))
        assert (told & written.gone(), word("titolo", "open") in told) == (set(), True), form


def test_no_mail_tells_it_to_others(make, written):
    follower = make.person()
    notices.choose_pace(follower, Pace.AT_ONCE)
    for thing in [*written.texts.values(), *written.others.values()]:
        notices.follow(thing if thing.thread_id else written.call, follower)
        if thing.kind == "proposal":
            voting.support(thing, follower)
    db.session.get_one(NoticePace, follower.id).mailed_at -= timedelta(hours=1)
    for fate in FATES:
        comments.post(written.texts["proposal", fate].thread, make.person(), body=f"Dico {word('dopo', fate)}.")
    comments.post(written.others["proposal"].thread, make.person(), body=f"Dico {word('dopo', 'open')}.")
    db.session.execute(sa.delete(OutboxMessage))
    written.meet_their_fates()
    with clock.at(clock.now() + timedelta(minutes=1)):
        mails.write()
    sent = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == follower.email)).all()
    assert sent
    told = {found for mail in sent for found in WORD.findall(f"{mail.subject} {mail.text}".lower())}
    assert {one for one in told if not one.endswith("open")} == set()


def test_a_description_is_shown_while_it_is_public_and_at_no_other_time(browser, make):
    speaker, moderator = make.person(), make.person(Role.MODERATOR)
    organisation, visitors, shown = make.organisation(speaker), (browser(), browser(make.person())), {}
    describing.propose(organisation, speaker, f"Facciamo {word('pane')}.", seen=organisation.version)
    description = db.session.scalars(sa.select(Description)).one()
    for standing in Standing:
        describing.stand(description, standing, actor=moderator)
        shown[standing] = [word("pane") in visitor.get(path).get_data(as_text=True) for visitor in visitors
                           for path in ("/organizzazioni", f"/organizzazioni/{organisation.slug}")]
    assert {standing for standing, where in shown.items() if any(where)} == {Standing.PUBLISHED}
