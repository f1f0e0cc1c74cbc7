"""Outcomes of many proposals from one file: looked through, recorded, told by mail, and the text stays as judged."""

import csv
import io
from dataclasses import dataclass

import openpyxl
import pytest

from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import code_of, moderated_after, process_of, proposed

OFFICE, STEERING = "ufficio@example.org", "regia@example.org"
BODY = "Chiediamo che la corriera delle sette passi anche dalla frazione di Monte, dove oggi non ferma nessuno."
REASONS = "Entra nel piano con le risorse già previste per il trasporto locale."
AGAINST = "La strada è provinciale: decide la Provincia, a cui la proposta è stata girata."
DECIDED = "Il Consiglio la accoglie per intero, dal prossimo orario invernale."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

WAYS = pytest.mark.parametrize("scripts", [True, False])
KINDS = pytest.mark.parametrize("kind", ["xlsx", "csv"])


@dataclass
class Proposal:
    """Who wrote it, where it stands and how it is called."""

    author: str
    path: str
    code: str


@pytest.fixture(scope="module")
def outcomes(site):
    """The path of the page that takes files of outcomes."""
    moderated_after(site)
    return f"/ufficio/percorsi/{process_of(site)}/esiti"


@pytest.fixture
def written(site, outcomes):
    """`written("corriera")`: a public proposal of somebody."""

    def make(name):
        author = newcomer(site, name)
        path = proposed(site, author, f"La corriera anche a Monte, {name}", BODY)
        return Proposal(author, path, code_of(site, path))

    return make


@pytest.fixture
def enter(visit):
    """`enter(email, scripts)`: a window in which somebody has signed in."""

    def start(email, scripts, width=1280):
        visitor = visit(width, scripts=scripts)
        visitor.sign_in(email)
        return visitor

    return start


def accessible(visitor, scripts):
    """Whether axe finds nothing wrong; asked where scripts run."""
    return not scripts or visitor.axe() == []


def downloaded(page, outcomes, kind):
    """The rows of the file in which the proposals are answered, as the office gets it."""
    got = page.request.get(f"{page.url.split('/ufficio')[0]}{outcomes}.{kind}")
    assert got.status == 200
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(got.body())).active
        return [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(got.body().decode("utf-8-sig")), delimiter=";"))


def as_file(rows, kind):
    """Rows as a file that a browser sends."""
    if kind == "csv":
        target = io.StringIO()
        csv.writer(target, delimiter=";").writerows(rows)
        return {"name": "esiti.csv", "mimeType": "text/csv", "buffer": target.getvalue().encode("utf-8-sig")}
    book, packed = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(packed)
    return {"name": "esiti.xlsx", "mimeType": XLSX, "buffer": packed.getvalue()}


def filled(rows, answers):
    """The downloaded rows with what was written into their last columns, by code."""
    columns = {name: at for at, name in enumerate(rows[0])}
    lines = [list(row) for row in rows]
    for line in lines[1:]:
        for name, value in answers.get(line[0], {}).items():
            line[columns[name]] = value
    return lines


def send(visitor, outcomes, rows, kind, *, decided=False):
    """Send a file, and come to the page that says what it would change."""
    page = visitor.open(outcomes)
    page.get_by_label("Che cosa ha deciso l'organo" if decided else "Esiti proposti dalla cabina di regia").check()
    page.set_input_files("[name=file]", as_file(rows, kind))
    visitor.press("Guarda che cosa cambierebbe")
    return page


@WAYS
@KINDS
def test_what_the_steering_group_proposes_is_looked_through_recorded_and_told(
        site, visit, enter, written, outcomes, kind, scripts):
    one, two, short = (written(f"{name}-{kind}-{scripts}") for name in ("accolta", "altrove", "breve"))
    staff = enter(OFFICE, scripts)
    page = staff.open(outcomes)
    assert accessible(staff, scripts)
    rows = filled(downloaded(page, outcomes, kind), {
        one.code: {"Esito": "Accolta", "Motivazioni": REASONS},
        two.code: {"Esito": "Fuori dall'ambito del piano", "Motivazioni": AGAINST},
        short.code: {"Esito": "Accolta", "Motivazioni": "Sì."}})
    rows.append(["ROV-P-9999", *[""] * 8, "Accolta", REASONS, "", "", ""])
    send(staff, outcomes, rows, kind)
    assert staff.says("2 righe sono rifiutate")
    assert staff.says("Niente a cui rispondere ha questo codice.")
    assert staff.says("Le motivazioni mancano, o sono meno di una frase.")
    assert staff.says("2 righe verrebbero registrate")
    assert accessible(staff, scripts)
    assert not visit(PHONE, scripts=scripts).open(one.path).locator("#esito").count()

    staff.press("Registra 2 esiti")
    assert staff.says("2 esiti sono stati registrati")
    assert staff.says("2 righe sono rimaste fuori")
    assert accessible(staff, scripts)
    site.work()
    assert REASONS in site.letters.to(one.author)[-1]
    assert AGAINST in site.letters.to(two.author)[-1]
    assert site.letters.to(short.author) == []
    passer = visit(PHONE, scripts=scripts)
    passer.open(one.path)
    assert passer.says(REASONS)
    assert passer.says("Manca ancora la decisione dell'organo competente.")
    assert accessible(passer, scripts)


@WAYS
def test_what_was_decided_follows_in_another_file(site, visit, enter, written, outcomes, scripts):
    kind = "csv" if scripts else "xlsx"
    one, other = written(f"decisa-{scripts}"), written(f"indecisa-{scripts}")
    staff = enter(OFFICE, scripts)
    page = staff.open(outcomes)
    send(staff, outcomes, filled(downloaded(page, outcomes, kind), {
        one.code: {"Esito": "Accolta in parte", "Motivazioni": REASONS}}), kind)
    staff.press("Registra 1 esito")
    answer = {"Esito": "Accolta", "Motivazioni": DECIDED, "Chi ha deciso": "Consiglio dell'Unione",
              "Numero dell'atto": "Delibera 12"}
    send(staff, outcomes, filled(downloaded(page, outcomes, kind), {one.code: answer, other.code: answer}), kind,
         decided=True)
    assert staff.says("1 riga è rifiutata")
    assert staff.says("1 riga verrebbe registrata")
    assert accessible(staff, scripts)
    staff.press("Registra 1 esito")
    site.work()
    letter = site.letters.to(one.author)[-1]
    assert DECIDED in letter
    assert "Consiglio dell'Unione, Delibera 12" in letter
    passer = visit(PHONE, scripts=scripts)
    passer.open(one.path)
    assert passer.says(DECIDED)
    assert passer.says("Consiglio dell'Unione, Delibera 12")
    assert accessible(passer, scripts)


@WAYS
def test_the_text_stays_as_it_was_judged(visit, enter, written, outcomes, scripts):
    one = written(f"giudicata-{scripts}")
    author = enter(one.author, scripts, width=PHONE)
    page = author.open(one.path)
    page.get_by_role("link", name="Modifica", exact=True).click()
    page.fill("[name=body]", BODY + " E anche la sera.")
    staff = enter(OFFICE, scripts)
    send(staff, outcomes, filled(downloaded(staff.open(outcomes), outcomes, "csv"), {
        one.code: {"Esito": "Accolta", "Motivazioni": REASONS}}), "csv")
    staff.press("Registra 1 esito")
    author.press("Salva")
    assert author.says("il suo testo resta com'era quando è stata valutata")
    page = author.open(one.path)
    assert page.get_by_role("link", name="Modifica", exact=True).count() == 0
    assert page.locator(".proposal-text").inner_text().split() == BODY.split()


@WAYS
def test_the_steering_group_proposes_and_does_not_decide(enter, outcomes, scripts):
    page = enter(STEERING, scripts).open(outcomes)
    assert page.locator("[name=kind]").count() == 1
    assert page.get_by_label("Esiti proposti dalla cabina di regia").count() == 1
