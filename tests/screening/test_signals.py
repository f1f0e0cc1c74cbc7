"""Each sign by itself, and how often the signs are right on texts such as people of small towns write."""

import json
import sys
from pathlib import Path

import pytest

from consult.screening import doubles, signals
from consult.screening.insults import insults
from consult.screening.models import Signal
from consult.screening.personal import is_iban, is_tax_code, personal_data

LABELLED = json.loads((Path(__file__).parent / "labelled.json").read_text(encoding="utf-8"))
LEAST = {Signal.PERSONAL: (0.9, 0.8), Signal.INSULT: (0.9, 0.8), Signal.LINKS: (0.9, 0.9),
         Signal.CAPITALS: (0.9, 0.9), Signal.DOUBLE: (0.9, 0.8)}
"""Precision and recall below which a sign is worse than it was."""


def found_by(signal):
    """For each labelled text whether a sign is found, and whether it should be."""
    if signal is Signal.DOUBLE:
        return [(pair["other"], bool(doubles.nearly({1: pair["one"]}, pair["other"], "it")), pair["double"])
                for pair in LABELLED["doubles"]]
    look = signals.BY_WORDS[signal]
    return [(one["text"], any(look(one["text"])), signal.value in one["found"]) for one in LABELLED["texts"]]


@pytest.mark.parametrize("signal", LEAST)
def test_how_often_a_sign_is_right(signal, capsys):
    told = found_by(signal)
    right = sum(found and wanted for _text, found, wanted in told)
    precision = right / max(1, sum(found for _text, found, _wanted in told))
    recall = right / sum(wanted for _text, _found, wanted in told)
    with capsys.disabled():
        sys.stdout.write(f"\n{signal.value}: {len(told)} texts, {sum(w for _t, _f, w in told)} with the sign; "
                         f"precision {precision:.2f}, recall {recall:.2f}\n")
    wrong = [text for text, found, wanted in told if found != wanted]
    assert (precision >= LEAST[signal][0], recall >= LEAST[signal][1]) == (True, True), wrong


def test_the_labelled_texts_are_many_and_none_stands_there_twice():
    texts = [one["text"] for one in LABELLED["texts"]]
    assert len(texts) == len(set(texts)) >= 120
    assert sum(not one["found"] for one in LABELLED["texts"]) >= 60


@pytest.mark.parametrize(("text", "passages"), [
    ("Sei un cretino.", ["cretino"]), ("Leggo Cretinetti.", []),
    ("CRÉTINI e cretinissime", ["CRÉTINI", "cretinissime"]),
    ("Una cretinata.", []), ("Il termine «cretino» è brutto.", []), ("Faccia  di\nmerda", ["Faccia  di\nmerda"]),
    ("Un’idea cretina", []), ("str*nzi!", ["str*nzi"]), ("* **", []), ("Il sindaco e un ladro di polli", []),
    ("Il sindaco è un ladro", ["ladro"]), ("Il sindaco e' un ladro", ["ladro"]), ("C’è un ladro in casa", []), ("", []),
])
def test_insults_are_whole_words_in_their_forms(text, passages):
    assert [text[begins:ends] for begins, ends in insults(text)] == passages


def test_the_list_is_the_offices(app):
    assert [*insults("Che babbeo!", ["babbeo"], [])] == [(4, 10)]
    assert [*insults("Sei un cretino", [], [])] == []


@pytest.mark.parametrize(("text", "passages"), [
    ("CF RSSMRA80A01H501U, grazie", [("tax_code", "RSSMRA80A01H501U")]), ("CF RSSMRA80A01H501X", []),
    ("RSSMRA80A01H501UX", []), ("IT60 X054 2811 1010 0000 0123 456.", [("iban", "IT60 X054 2811 1010 0000 0123 456")]),
    ("IT61X0542811101000000123456", []), ("tel. 347 1234567.", [("phone", "347 1234567")]),
    ("ada@posta.example.net", [("email", "ada@posta.example.net")]), ("info@posta.example.net", []),
    ("Auto AB 123 CD", [("plate", "AB 123 CD")]), ("SP 123 RE", []),
    ("Abita in via Roma 3, lo sanno tutti", [("address", "via Roma 3")]), ("Il lampione di via Roma 3", []),
])
def test_personal_data_are_told_by_their_form(text, passages):
    assert [(one.sort, text[one.begins:one.ends]) for one in personal_data(text)] == passages


def test_contacts_of_the_office_may_stand():
    assert personal_data("Chiamate il 347 123 45 67", ["+39 3471234567"]) == []
    assert personal_data("Scrivete ad Ada.B@posta.example.net", ["ada.b@posta.example.net"]) == []


def test_check_characters():
    assert is_tax_code("RSSMRA80A01H501U")
    assert is_tax_code("rssmra80a01h501u")
    assert not is_tax_code("RSSMRA80A01H501V")
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert not is_iban("DE89 3704 0044 0532 0130 01")


def test_links_and_their_number():
    two = "https://uno.example/a https://due.example/b"
    assert [*signals.links(two)] == []
    (found,) = signals.links(f"{two} https://tre.example/c.")
    assert (found.number, found.begins) == (3, 0)
    assert [*signals.links("https://www.comune.prova.it/a https://b.gov.it https://c.europa.eu/x")] == []
    assert [one.number for one in signals.links("Qui: bit.ly/abc")] == [1]


def test_capitals_begin_at_twenty_letters():
    assert [*signals.capitals("ALLORA NON VA BENE")] == []
    (found,) = signals.capitals("Dico che ALLORA NON VA AFFATTO BENE, ecco.")
    assert (found.begins, found.ends) == (9, 35)


@pytest.mark.parametrize("text", ["(" * 20000, "a@" * 10000, "0" * 20000, "via " * 5000, "AB1" * 6000, "www." * 5000,
                                  "sei un " * 3000, "*" * 20000, "IT00 " * 4000, "via a " * 3000 + "1"])
def test_no_text_takes_long(text):
    """A regular expression that goes back and forth would stop everybody who writes."""
    for look in signals.BY_WORDS.values():
        assert len([*look(text)]) < 20001
