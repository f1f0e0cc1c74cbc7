"""What is hidden of a thing of which the rest stays public is nowhere: parts, forebears, earlier texts, hints."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest

from consult.accounts.models import Role
from consult.amendments import services as amendments
from consult.comments import services as comments
from consult.contributions.models import FlagReason
from consult.core.db import db
from consult.lineage import services as lineage
from consult.proposals import services as proposals
from consult.versions import queries as version_queries
from consult.versions import services as versions
from consult.voting import services as voting
from tests.contributions.test_hidden_everywhere import addresses, hide, read

WHY = "Chiedono la stessa cosa con parole diverse."
WORDS = ("facocero", "ghiottone", "licaone", "manguste", "narvalo", "orice", "petauro", "scincone", "urogallo")


def words_in(answer):
    """Which of the words an answer holds, those included that are packed in a zip or a workbook."""
    content, headers = answer
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    text = f"{content.decode('utf-8', 'replace')}\n{headers}".lower()
    return [word for word in WORDS if word in text]


def everywhere(app, visitor):
    return {path: words for path in addresses(app) if (words := words_in(read(visitor, path)))}


@pytest.fixture
def parts(make):
    """Hidden: a forebear, two amendments, a topic, a comment that calls somebody; and an earlier version of a text."""
    call, author, reader = make.call(takes_amendments=True), make.person(), make.person(display_name="Ada")
    forebear = make.proposal(call=call, title="Un facocero in più", body="Anche un ghiottone, davanti alla scuola.")
    other = make.proposal(call=call, title="Una panchina", body="Davanti alla scuola.")
    voting.support(forebear, reader)
    lineage.merge(call, make.person(Role.PLAN_OFFICE), [forebear, other],
                  lineage.Draft(title="Insieme", body="Quello che chiedono tutte."), reason=WHY)
    text = make.proposal(call=call, author=author, title="Un licaone al parco", body="Chiediamo manguste al parco.")
    repeats = amendments.propose(text, reader, (text.title, f"{text.body} Anche la sera."), base=text.version,
                                 reason=WHY)
    proposals.edit(text, author, replace(proposals.worded(text), title="Più panchine", body="Chiediamo panchine."),
                   seen=text.version, reason="Meglio.")
    waiting, taken = (amendments.propose(
        text, reader, (f"Più panchine {word}", f"{text.body} E un {word}."), base=text.version,
        reason=f"Un {word} ci vuole.") for word in ("narvalo", "orice"))
    amendments.decline(waiting, author, reason="Non è il posto.")
    topic = make.topic(title="Il petauro in città", body="Che ne pensate del petauro?")
    comments.post(topic.thread, reader, body="Dello scincone, semmai.")
    said = comments.post(text.thread, reader, body="Prima di tutto l'urogallo.")
    comments.post(text.thread, author, body="@Ada non saprei.", about=said, quote="Prima di tutto")
    return {"hidden": [forebear, waiting, taken, topic, said], "text": text, "repeats": repeats}


def test_it_is_in_no_page_of_what_stays_public(bare_app, make, browser, parts):
    db.session.commit()
    visitor = browser()
    shown = {word for words in everywhere(bare_app, visitor).values() for word in words}
    assert shown == set(WORDS), "each word was there to be found before"
    text = parts["text"]
    versions.hide(text, version_queries.of(text)[0], make.person(Role.MODERATOR), reason=FlagReason.PERSONAL_DATA)
    hide(make, parts["hidden"])
    assert everywhere(bare_app, visitor) == {}
    copied = f"/emendamenti/{parts['repeats'].id}"
    assert words_in(read(browser(make.person()), copied)) == []
    assert words_in(read(browser(text.author), copied)) == ["licaone", "manguste"], "who answers it sees what it says"


def test_nobody_who_writes_the_like_is_shown_it(make, browser):
    body = "Anche un ghiottone nel prato davanti alla biblioteca comunale, con una fontanella."
    proposal = make.proposal(title="Un facocero nel prato della biblioteca", body=body)
    for number in range(4):
        make.proposal(title=f"Tutt'altra cosa {number}", body="Autobus serali verso la stazione, ogni mezz'ora.")
    page, address = browser(make.person()), f"/raccolte/{proposal.activity_id}/proponi"
    typed = {"title": "Un facocero nel prato", "body": body, "act": "preview"}
    code = proposal.code
    assert code in page.post(address, typed).get_data(as_text=True)
    hide(make, [proposal])
    assert code not in page.post(address, typed).get_data(as_text=True)
