"""An office gives documents its styles and its emblem; what no document can be made with is refused with a reason."""

import hashlib
import io
import zipfile

import pytest
import sqlalchemy as sa
from PIL import Image

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import files
from consult.core.db import db
from consult.publishing import emblem, house, services
from consult.publishing.house import Part
from consult.publishing.models import DocumentFormat
from consult.publishing.writers import looks
from tests.browser import text_of
from tests.publishing.test_office import document, ours_in

PAGE = "/ufficio/aspetto-documenti"


@pytest.fixture
def office(make, browser):
    return browser(make.person(Role.PLAN_OFFICE))


def send(office, content, name):
    return office.submit(PAGE, {"looks.file": (io.BytesIO(content), name)})


def png(colour):
    made = io.BytesIO()
    Image.new("RGBA", (80, 90), colour).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_styles_are_given_used_downloaded_and_taken_back(app, office, tmp_path, form):
    theirs = ours_in(looks.ours(form), tmp_path, "0B3B6F", "7A1F1F")
    assert send(office, theirs, f"stili.{form}").status_code == 303
    assert house.given(Part(form)).size == len(theirs)
    assert "Del tuo ente" in text_of(office.get(PAGE))
    styles = "word/styles.xml" if form == "docx" else "styles.xml"
    assert "7A1F1F" in used(tmp_path, form, styles)
    assert office.get(f"{PAGE}/{form}/scarica").data == theirs
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.event == "LooksChanged"))
    assert entry.facts["sha256"] == hashlib.sha256(theirs).hexdigest()
    assert office.post(f"{PAGE}/{form}/nostro").status_code == 303
    assert house.given(Part(form)) is None
    assert "7A1F1F" not in used(tmp_path, form, styles)
    assert office.get(f"{PAGE}/{form}/scarica").data == looks.ours(form)


def used(folder, form, part):
    services.write(document(), DocumentFormat(form), folder / f"made.{form}")
    with zipfile.ZipFile(folder / f"made.{form}") as packed:
        return packed.read(part).decode()


def test_an_emblem_is_given_and_stands_on_documents(app, office):
    assert send(office, png((200, 0, 0, 128)), "stemma.png").status_code == 303
    with app.test_request_context():
        shown = emblem.of("Unione di prova")
    assert "Unione di prova" in shown.alt
    assert house.path_of(Part.EMBLEM).read_bytes().startswith(b"\x89PNG")


def test_a_file_takes_its_place_only_once_the_transaction_is_kept(app, make):
    person, path = make.person(Role.PLAN_OFFICE), house.path_of(Part.EMBLEM)
    with app.test_request_context():
        db.session.commit()
        for kept in (False, True):
            house.take(files.keep(io.BytesIO(png((200, 0, 0, 255))), "stemma.png"), person)
            assert not path.exists()
            db.session.commit() if kept else db.session.rollback()
            assert (path.exists(), list(path.parent.glob(f".{path.name}*"))) == (kept, [])
        house.put_back(Part.EMBLEM, person)
        db.session.rollback()
        assert path.exists()
        house.put_back(Part.EMBLEM, person)
        db.session.commit()
        assert not path.exists()
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "LooksChanged")) == 2


def test_what_cannot_be_used_is_refused_with_a_reason(office, tmp_path):
    broken = ours_in(looks.ours("docx"), tmp_path, "</w:styles>", "")
    jpeg = io.BytesIO()
    Image.new("RGB", (80, 90)).save(jpeg, "JPEG")
    for content, name, sentence in (
        (b"", "vuoto.docx", "è vuoto"), (b"testo", "stili.docx", "non si può inviare"),
        (jpeg.getvalue(), "stemma.jpg", "nient'altro si può usare qui"),
        (broken, "stili.docx", "non si è potuto fare nessun documento"),
    ):
        answer = send(office, content, name)
        assert answer.status_code == 200
        assert sentence.lower() in text_of(answer).lower(), (name, text_of(answer))
    assert not any(house.given(part) for part in Part)
    assert "Scegli un file" in text_of(office.submit(PAGE, {}))


def test_only_the_plan_office_gives_looks(make, browser):
    for role in (None, Role.MODERATOR, Role.STEERING):
        reader = browser(make.person(*([role] if role else [])))
        assert reader.get(PAGE).status_code == 403
        assert "Aspetto dei documenti" not in text_of(reader.get("/ufficio"))
    assert browser(make.person(Role.PLATFORM_ADMIN)).get(PAGE).status_code == 200


def test_what_is_no_part_is_not_there(office):
    assert office.get(f"{PAGE}/epub/scarica").status_code == 404
