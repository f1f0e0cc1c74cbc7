"""What a moderator hides is nowhere: in no page, list, search, file, picture of a code, document and mail."""

import itertools
import re
import tempfile
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.amendments import services as amendments
from consult.attachments import services as attachments
from consult.attachments.models import Attachment
from consult.comments import services as comments
from consult.comments.models import Comment
from consult.contributions.models import Contribution
from consult.core import clock, files
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.cosponsors import services as cosponsors
from consult.moderation import contributed
from consult.moderation import services as moderation
from consult.moderation.acts import Order
from consult.moderation.models import Act, Reason
from consult.notices import mails
from consult.notices import services as notices
from consult.notices.models import NoticePace, Pace
from consult.places import services as places
from consult.places.queries import Where
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.proposals.models import Asking, CallField, FieldAnswer, FieldKind, Proposal
from consult.redactions import passages
from consult.voting import services as voting
from tests.enclosures import picture
from tests.factories import WHY

WORDS = {"title": "ornitorinco", "body": "zibellino", "more": "quokka", "earlier": "suricato", "address": "axolotl",
         "file": "capibara", "picture": "tapiro", "comment": "okapi", "amendment": "dugongo", "field": "pangolino",
         "elsewhere": "fenicottero"}
"""Words that stand nowhere else, each by where it stood; the last is a comment on what stays public."""
SEARCHED = ("zibellino", "suricato", "fenicottero")


def a_picture(owner, name):
    with tempfile.SpooledTemporaryFile() as stream:
        stream.write(picture())
        return attachments.receive(owner, files.keep(stream, name))


@pytest.fixture
def told(make):
    """A proposal with all that can hang on it, another one, and people who took part."""
    call = make.call(moderation=ModerationMode.AFTER, takes_amendments=True, asks_place=Asking.OPTIONAL,
                     asks_attachments=Asking.OPTIONAL)
    author, reader, speaker = make.person(), make.person(), make.person()
    organisation = make.organisation(speaker)
    field = CallField(call=call, position=1, kind=FieldKind.SHORT_TEXT, label=Localized.of("Altro"), help=Localized())
    db.session.add(field)
    proposal = make.proposal(call=call, author=author, title="Un ornitorinco in piazza",
                             body="Prima un suricato basta.")
    proposals.edit(proposal, author, proposals.Wording(
        title=proposal.title, body="Chiediamo uno zibellino e un quokka per la piazza.", answers={}),
        seen=proposal.version, reason="Meglio.")
    db.session.add(FieldAnswer(proposal_id=proposal.id, field_id=field.id, text="pangolino", html="<p>pangolino</p>"))
    places.put(proposal, Where(make.town().id, address="Vicolo Axolotl 3"), author)
    file = a_picture(author, "capibara.jpg")
    attachments.add(proposal, [file], author, most=5)
    attachments.describe(file, proposal, author, "Un tapiro al sole")
    said = comments.post(proposal.thread, reader, body="Meglio un okapi, dico io.")
    comments.post(proposal.thread, speaker, body="Come si fa?", about=said, quote="Meglio un okapi")
    amendments.propose(proposal, reader, (proposal.title, f"{proposal.body} E un dugongo."), base=proposal.version,
                       reason="Un dugongo ci vuole.")
    voting.support(proposal, reader)
    cosponsors.endorse(proposal, organisation, speaker)
    other = make.proposal(call=call, title="Una panchina", body="Davanti alla scuola.")
    elsewhere = comments.post(other.thread, author, body="Un fenicottero, anche qui.")
    comments.post(other.thread, reader, body="Perché?", about=elsewhere, quote="Un fenicottero")
    make.link(proposal, make.section())
    for person in (author, reader, speaker):
        for thing in (proposal, other, call, make.process()):
            notices.follow(thing, person)
    return {"hidden": [proposal, elsewhere], "reader": reader, "speaker": speaker, "file": file, "public": other}


def hide(make, texts):
    moderator = make.person(Role.MODERATOR)
    for text in texts:
        moderation.decide(text, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=moderation.mark(text))
    db.session.commit()


def addresses(app):
    """Every address that reads, with whatever ids, codes and names there are."""
    numbers = range(1, 2 + (db.session.scalar(sa.select(sa.func.max(Contribution.id))) or 0))
    codes = db.session.scalars(sa.select(Contribution.code)).all()
    values = {"id": numbers, "field_id": [1], "n": [1, 2, 3], "number": [1, 2], "code": codes, "table": ["proposals"],
              "kind": ["opzione"], "token": db.session.scalars(sa.select(Attachment.token)).all(),
              "slug": ["prova", "prova-2035", *db.session.scalars(sa.select(Proposal.slug))],
              "name": ["privacy", "regole"]}
    site = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= set(values):
            for chosen in itertools.product(*(values[name] for name in sorted(rule.arguments))):
                yield site.build(rule.endpoint, dict(zip(sorted(rule.arguments), chosen, strict=True)))
    for path, word in itertools.product(("/raccolte/1", "/raccolte/1/proposte.csv", "/percorsi/prova/proposte",
                                         "/percorsi/prova/proposte.csv"), SEARCHED):
        yield f"{path}?q={word}"
    for more in ("vista=tabella", "vista=mappa", "ordine=caso", "ordine=sostenute", "comune=1", "mie=si"):
        yield f"/raccolte/1?{more}"


def read(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code < 500, path
    content = answer.get_data()
    answer.close()
    return content, str(answer.headers)


def words_in(content, headers, asked):
    """Which of the words an answer holds, of a zip or a workbook in what it packs; what was asked for is said again."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    text = f"{content.decode('utf-8', 'replace')}\n{headers}".lower()
    return [word for word in WORDS.values() if word in text and word not in asked]


@pytest.mark.parametrize("who", ["visitor", "reader", "speaker"])
def test_it_is_in_no_page_and_in_no_file(bare_app, make, browser, told, who):
    db.session.commit()
    person = told.get(who)
    visitor, shown = browser(person), set()
    for path in addresses(bare_app):
        shown.update(words_in(*read(visitor, path), path))
    assert shown >= set(WORDS.values()), "each word was there to be found before"
    hide(make, told["hidden"])
    visitor = browser(person)
    found = {path: words for path in addresses(bare_app) if (words := words_in(*read(visitor, path), path))}
    own = re.compile(r"^/(profilo|commenti/\d+|emendamenti/\d+|c/)")  # what one wrote oneself stays one's own
    assert {path: words for path, words in found.items() if not (person and own.match(path))} == {}


REDACTED = {"proposal": ("ornitorinco", "uno zibellino e un quokka", "pangolino"), "said": ("okapi, dico",),
            "elsewhere": ("fenicottero",)}
"""What is blacked out, a part of a quote among it; what is attached, its place and an amendment's own words stay."""


def black_out(make, texts):
    moderator = make.person(Role.MODERATOR)
    db.session.expire_all()
    for text, words in texts:
        matter = contributed.of(text)
        places = [[place.field, place.start, place.length] for place in passages.found(matter.passages(), words)]
        moderation.decide(matter, moderator, Order(act=Act.REDACT, reason=Reason.SPAM, note=WHY,
                                                   details={"places": places}), seen=moderation.mark(matter))
    db.session.commit()


@pytest.mark.parametrize("who", ["visitor", "speaker"])
def test_what_is_blacked_out_is_in_no_page_and_in_no_file(bare_app, make, browser, told, who):
    proposal, elsewhere = told["hidden"]
    said = db.session.scalars(sa.select(Comment).where(Comment.author_id == told["reader"].id)
                              .order_by(Comment.id)).first()
    texts = {"proposal": proposal, "said": said, "elsewhere": elsewhere}
    black_out(make, [(texts[name], words) for name, several in REDACTED.items() for words in several])
    visitor = browser(told.get(who))
    gone = {WORDS[name] for name in ("title", "body", "more", "comment", "field", "elsewhere")}
    found = {path: words for path in addresses(bare_app) if (words := gone & set(words_in(*read(visitor, path), path)))}
    assert found == {}


def test_it_is_in_no_mail_that_leaves_later(make, told):
    for name in ("reader", "speaker"):
        notices.choose_pace(told[name], Pace.AT_ONCE)
        db.session.get_one(NoticePace, told[name].id).mailed_at -= timedelta(hours=1)
    db.session.execute(sa.delete(OutboxMessage))
    for text, body in zip(told["hidden"], ("Un altro okapi, allora.", "Anche il secondo."), strict=True):
        comments.post(text.thread, make.person(), body=body)
    comments.post(told["public"].thread, make.person(), body="Buona idea.")
    hide(make, told["hidden"])
    with clock.at(clock.now() + timedelta(minutes=1)):
        mails.write()
    sent = db.session.scalars(sa.select(OutboxMessage)).all()
    others = [mail for mail in sent if mail.recipient in {told["reader"].email, told["speaker"].email}]
    assert others
    assert [words_in(f"{mail.subject}\n{mail.text}".encode(), "", "") for mail in others] == [[] for _mail in others]
