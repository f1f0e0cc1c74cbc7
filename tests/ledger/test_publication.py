"""The published folder verifies, and whatever is done to it is found."""

import base64
import json
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.ledger import publication, queries, receipts, signing, voiding
from consult.ledger.canonical import canonical
from consult.ledger.verifier.telling import SENTENCES
from consult.methods.interface import Rules
from consult.voting import queries as voting
from consult.voting import services
from tests.ledger.conftest import entries_of, over, verified


def test_the_folder_verifies_and_says_how_much(published):
    status, said = verified(published)
    assert (status, said.startswith("TUTTO TORNA: ")) == (0, True), said
    assert "8 schede valide" in said
    assert verified(published, "--language", "en")[1].startswith("EVERYTHING ADDS UP: ")


def test_the_result_is_that_of_the_box(told, published):
    counted = voting.papers(told)
    result = json.loads((published / "result.json").read_text())
    added = dict.fromkeys(["B01", "B02", "B03", "B04"], 0)
    for paper in counted:
        for code in paper.marks:
            added[code] += paper.times
    assert result["added"] == added
    assert (result["valid"], result["withdrawn"], result["voided"]) == (8, 1, {})


def lines(folder, change):
    path = folder / "entries.jsonl"
    rows = path.read_text().splitlines()
    path.write_text("\n".join(change(rows)) + "\n")


def first(rows, kind, **members):
    """The number of the first entry of a kind."""
    return next(number for number, row in enumerate(rows) if json.loads(row)["t"] == kind
                and members.items() <= json.loads(row).items())


def taken_back(rows):
    """The number of the withdrawal after which a paper was cast again."""
    entries = [json.loads(row) for row in rows]
    again = {entry["g"] for entry in entries if entry["t"] == "cast" and entry["s"] == 3}
    return next(number for number, entry in enumerate(entries) if entry["t"] == "gone" and entry["g"] in again)


def rewritten(rows, number, **members):
    entry = {**json.loads(rows[number]), **members}
    return [*rows[:number], canonical(entry).decode(), *rows[number + 1:]]


def edit(folder, name, change):
    path = folder / name
    thing = json.loads(path.read_text())
    change(thing)
    path.write_bytes(canonical(thing))


def swapped(rows):
    return [*rows[:2], rows[3], rows[2], *rows[4:]]


def other_key(folder):
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    data = b"\1" + key
    number = signing._number("localhost", key).hex()
    (folder / "key.txt").write_text(f"localhost+{number}+{base64.b64encode(data).decode()}\n")


def labels_swapped(thing):
    one, two = thing["options"][:2]
    one["title"], two["title"] = two["title"], one["title"]


def last_head(folder):
    path = folder / "checkpoints.txt"
    path.write_text("\n\n".join(path.read_text().split("\n\n")[:-3]) + "\n\n")


def head_raised(folder):
    path = folder / "checkpoints.txt"
    rows = path.read_text().split("\n")
    rows[1] = str(int(rows[1]) + 1)
    path.write_text("\n".join(rows))


TAMPERINGS = {
    "a choice changed": (lambda f: lines(f, lambda r: rewritten(r, first(r, "cast"), q={"q1": {"B04": 1}})), "root"),
    "a paper dropped": (lambda f: lines(f, lambda r: r[:3] + r[4:]), "root"),
    "the last entry dropped": (lambda f: lines(f, lambda r: r[:-1]), "truncated"),
    "a paper added": (lambda f: lines(f, lambda r: [*r[:-1], r[2].replace('"s":1', '"s":2'), r[-1]]), "root"),
    "a paper added after the closing": (lambda f: lines(f, lambda r: [*r, r[2]]), "after closing"),
    "two entries swapped": (lambda f: lines(f, swapped), "root"),
    "an entry repeated": (lambda f: lines(f, lambda r: [*r[:3], r[2], *r[3:]]), "twice"),
    "spaces put in": (lambda f: lines(f, lambda r: [*r[:2], r[2].replace(":", ": "), *r[3:]]), "not canonical"),
    "an entry of another ballot": (lambda f: lines(f, lambda r: rewritten(r, 2, c="77")), "not an entry"),
    "a paper that breaks the rules": (lambda f: lines(f, lambda r: rewritten(
        r, 2, q={"q1": {"B01": 1, "B02": 1, "B03": 1}})), "not allowed"),
    "a paper for an unknown option": (lambda f: lines(f, lambda r: rewritten(r, 2, q={"q1": {"B09": 1}})),
                                      "not allowed"),
    "a version left out": (lambda f: lines(f, lambda r: r[:taken_back(r)] + r[taken_back(r) + 1:]), "versions"),
    "a void without reason": (lambda f: lines(f, lambda r: rewritten(
        [*r, r[first(r, "gone")]], len(r), t="void", why="antipatia")), "not an entry"),
    "the result changed": (lambda f: edit(f, "result.json", lambda t: t["added"].update(B01=99)), "result"),
    "another winner": (lambda f: edit(f, "result.json", lambda t: t.update(winners=["B04"])), "result"),
    "labels of options swapped": (lambda f: edit(f, "consultation.json", labels_swapped), "consultation"),
    "the electorate raised": (lambda f: edit(f, "consultation.json", lambda t: t.update(electorate={"x": 9999})),
                              "consultation"),
    "the last head removed": (last_head, "unsigned end"),
    "a head for another size": (head_raised, "signature"),
    "another key": (other_key, "signature"),
    "cut in the middle": (lambda f: (f / "entries.jsonl").write_bytes((f / "entries.jsonl").read_bytes()[:900]),
                          "truncated"),
    "the opening removed": (lambda f: lines(f, lambda r: r[1:]), "opening"),
}


@pytest.fixture
def one_published(published, tmp_path):
    """A folder for each tampering, without another vote."""

    def copy(name):
        return shutil.copytree(published, tmp_path / name.replace(" ", "-"))

    return copy


def test_every_tampering_is_found_and_named(one_published):
    unfound = []
    for name, (tamper, code) in TAMPERINGS.items():
        folder = one_published(name)
        tamper(folder)
        status, said = verified(folder)
        sentence = SENTENCES[code][0].split("{")[0]
        if status != 1 or sentence not in said:
            unfound.append((name, status, said))
    assert unfound == []


def test_an_operator_who_signs_everything_again_is_found_by_a_head_kept_elsewhere(told, published, tmp_path):
    kept = tmp_path / "albo.txt"
    kept.write_text(queries.last_checkpoint(told.id).note)
    assert verified(published, "--checkpoint", str(kept))[0] == 0
    note = signing.note(queries.opened(told.id).origin, queries.last_checkpoint(told.id).size, b"\1" * 32)
    kept.write_text(note)
    status, said = verified(published, "--checkpoint", str(kept))
    assert (status, "due radici diverse" in said) == (1, True)


def test_a_paper_beyond_the_electorate_is_found(make, tmp_path):
    ballot = make.ballot(options=2, maximum=1)
    for _ in range(3):
        services.cast(ballot, make.person(), {"B01": 1})
    found = queries.opened(ballot.id)
    found.consultation = canonical({**json.loads(found.consultation), "electorate": {"034001": 2}}).decode()
    over(ballot)
    publication.to_folder(ballot.id, tmp_path / "p")
    assert "Le schede contate sono 3, più degli aventi diritto (2)." in verified(tmp_path / "p")[1]


def test_a_receipt_says_where_the_paper_is(make, tmp_path):
    ballot = make.ballot(options=2, maximum=1)
    person, other, third = make.person(), make.person(), make.person()
    early = services.cast(ballot, person, {"B01": 1}).entry_hash
    before = receipts.receipt(ballot.id, early)
    assert "proof" not in before
    late = services.cast(ballot, person, {"B02": 1}).entry_hash
    void = services.cast(ballot, other, {"B02": 1})
    tag, voided = void.tag, void.entry_hash
    services.cast(ballot, third, {"B02": 1})
    voiding.void_tag(ballot.id, tag, "doppia-identita", make.person())
    over(ballot)
    folder = tmp_path / "p"
    publication.to_folder(ballot.id, folder)
    assert verified(folder)[0] == 0

    def told(receipt):
        path = tmp_path / "ricevuta.json"
        path.write_text(json.dumps(receipt))
        status, said = verified(folder, "--receipt", str(path))
        return status, said.splitlines()[-1]

    good = receipts.receipt(ballot.id, late)
    assert told(good)[1].endswith("ed è contata.")
    (folder / "ricevuta.json").write_text(json.dumps(good))
    assert verified(folder)[1].endswith("ed è contata.\n")
    assert "sostituita o ritirata" in told(receipts.receipt(ballot.id, early))[1]
    assert "sostituita o ritirata" in told({**before})[1]
    assert "annullata: doppia-identita" in told(receipts.receipt(ballot.id, voided))[1]
    assert told({**good, "proof": good["proof"][:-1]})[0] == 1
    assert told({**good, "entry": good["entry"].replace("B02", "B01")})[0] == 1
    assert told({"hash": "ab" * 32}) == (1, ("LA SCHEDA DELLA RICEVUTA NON È NEL REGISTRO: conservate la ricevuta e "
                                            "segnalatelo."))


def test_rare_rankings_are_not_published_and_the_rest_still_verifies(make, tmp_path):
    ballot = make.ballot(method="schulze", options=4)
    for order in ((1, 2, 3, 4), (4, 3, 2, 1), (1, 2, 3, 4)):
        services.cast(ballot, make.person(), {f"B0{n + 1}": place for n, place in enumerate(order)})
    over(ballot)
    folder, whole = tmp_path / "p", tmp_path / "whole"
    publication.to_folder(ballot.id, folder)
    assert '"cast"' not in (folder / "entries.jsonl").read_text()
    status, said = verified(folder)
    assert (status, said.startswith("TORNA CIÒ CHE SI PUÒ CONTROLLARE")) == (3, True), said
    publication.to_folder(ballot.id, whole, whole=True)
    assert verified(whole)[0] == 0
    edit(whole, "result.json", lambda told: told.update(papers="withheld"))
    assert verified(whole)[0] == 1


def test_the_log_of_an_open_ballot_is_nobodys(make, tmp_path):
    ballot = make.ballot()
    services.cast(ballot, make.person(), {"B01": 1})
    with pytest.raises(queries.StillOpenError):
        publication.to_folder(ballot.id, tmp_path / "p")


def test_rules_are_read_back_as_they_were_fixed(told):
    rules = publication.rules_of(queries.consultation(queries.opened(told.id)))
    assert isinstance(rules, Rules)
    assert rules == services.rules(told)


def test_no_entry_holds_a_person_or_a_time(told, published):
    members = {"c", "cfg", "g", "n", "q", "s", "t", "v", "why"}
    assert all(set(entry) <= members for entry in entries_of(published))
