"""The log of a ballot: written with the vote, only added to, signed, and closed whatever happens in between."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.core import clock, keys
from consult.core.db import UnchangeableError, db
from consult.ledger import entries, merkle, queries, receipts, sequencing, services, signing
from consult.ledger.models import Checkpoint, Ledger, LedgerBlock, LedgerEntry, PendingEntry, Stage
from consult.ledger.verifier import checking
from consult.voting import services as voting
from consult.voting.models import Secrecy
from tests.ledger.conftest import at, moved, over


def kinds(ballot):
    return [checking.json.loads(leaf)["t"] for leaf in queries.leaves(ballot.id)]


def test_what_is_cast_again_and_again_counts_once(make):
    ballot, person = make.ballot(options=3, maximum=1), make.person()
    for turn in range(7):
        voting.cast(ballot, person, {f"B0{1 + turn % 3}": 1})
        if turn % 3 == 2:
            moved()
    voting.withdraw(ballot, person)
    voting.cast(ballot, person, {"B03": 1})
    over(ballot)
    told = [checking.json.loads(leaf) for leaf in queries.leaves(ballot.id)]
    assert sorted(entry["s"] for entry in told if "s" in entry) == list(range(1, 10))
    assert [entry["t"] for entry in told if entry.get("s") == 8] == ["gone"]
    assert sorted(kinds(ballot)) == ["cast"] * 8 + ["close", "gone", "open"]


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_checkpoint", "ledger_block"])
@pytest.mark.parametrize("act", ["UPDATE {} SET activity_id = activity_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(make, table, act):
    ballot = make.ballot()
    voting.open_log(ballot)
    sequencing.advance(ballot.id)
    db.session.add(LedgerBlock(activity_id=ballot.id, number=0, root=b"\0" * 32))
    db.session.commit()
    with pytest.raises(sa.exc.DBAPIError, match=r"never changed|permission denied"):
        db.session.execute(sa.text(act.format(table)))
    db.session.rollback()
    assert queries.last_checkpoint(ballot.id).size == 1


def test_the_session_refuses_it_too(make):
    ballot = make.ballot()
    voting.open_log(ballot)
    db.session.scalars(sa.select(LedgerEntry)).one().leaf = b""
    with pytest.raises(UnchangeableError):
        db.session.flush()


def test_a_vote_and_its_entry_are_kept_together_or_not_at_all(make):
    ballot, person = make.ballot(), make.person()
    voting.cast(ballot, person, {"B01": 1})
    db.session.commit()
    voting.cast(ballot, person, {"B02": 1})
    db.session.rollback()
    assert queries.waiting(ballot.id) == 1


def test_proofs_lead_to_the_signed_root_in_a_log_of_many_blocks(make):
    ballot = make.ballot()
    voting.open_log(ballot)
    leaves = [entries.cast(ballot.id, f"{number:032x}", {"B01": 1}, 1, entries.fresh_nonce()) for number in range(900)]
    for leaf in leaves:
        services.cast(ballot.id, leaf)
    moved()
    found = queries.opened(ballot.id)
    head = checking.heads_in(queries.last_checkpoint(ballot.id).note)[0]
    assert (head.size, found.size) == (901, 901)
    assert checking.Key(signing.verifier()).signs(head)
    assert head.root == merkle.root(queries.hashes(ballot.id, 0, 901))
    for leaf in leaves[::97]:
        receipt = receipts.receipt(ballot.id, entries.leaf_hash(leaf))
        assert merkle.proven(merkle.leaf(leaf), receipt["position"], 901,
                             list(map(bytes.fromhex, receipt["proof"]))) == head.root


def test_heads_are_signed_every_ten_minutes_where_something_came(make):
    ballot = make.ballot()
    voting.open_log(ballot)
    moved()
    for minutes, cast in ((5, True), (6, False), (20, False), (30, True)):
        clock.shift(timedelta(minutes=minutes))
        if cast:
            voting.cast(ballot, make.person(), {"B01": 1})
        moved()
    assert [head.size for head in queries.checkpoints(ballot.id)] == [3, 2, 1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(
        AuditEntry.event == "LogSigned")) == 3


def test_closing_goes_on_after_an_interruption(make, monkeypatch):
    monkeypatch.setattr(sequencing, "PORTION", 60)
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    voting.open_log(ballot)
    keys.secret_for(ballot.id)
    for number in range(400):
        services.cast(ballot.id, entries.cast(ballot.id, f"{number:032x}", {"B01": 1}, 1, entries.fresh_nonce()))
    over(ballot)
    assert queries.opened(ballot.id).stage is Stage.CLOSING
    with pytest.raises(services.ClosedError):
        voting.ledger.go_on(ballot.id, voting.ledger.stage(ballot.id), "secret", dict)
    assert sequencing.advance(ballot.id)
    db.session.rollback()  # the process dies
    moved()
    found = queries.opened(ballot.id)
    assert (found.stage, found.size, found.keyless, keys.exists(ballot.id)) == (Stage.CLOSED, 402, True, False)
    assert queries.last_checkpoint(ballot.id).size == 402
    assert queries.waiting(ballot.id) == 0
    moved()
    assert kinds(ballot).count("close") == 1


def test_without_the_signing_key_votes_go_on_and_no_new_key_is_made(make):
    ballot = make.ballot()
    voting.open_log(ballot)
    moved()
    keys.destroy(signing.KEY)
    voting.cast(ballot, make.person(), {"B01": 1})
    clock.shift(timedelta(minutes=11))
    moved()
    assert (queries.opened(ballot.id).size, queries.last_checkpoint(ballot.id).size) == (2, 1)
    assert not keys.exists(signing.KEY)


def test_the_key_of_a_ballot_goes_when_the_time_for_appeals_is_over(make):
    kept, gone = make.ballot(secrecy=Secrecy.PUBLIC), make.ballot()
    for ballot in (kept, gone):
        voting.cast(ballot, make.person(), {"B01": 1})
    over(gone)
    assert keys.exists(gone.id)
    at(kept.closes_at + sequencing.APPEALS + timedelta(days=1))
    moved()
    assert (keys.exists(gone.id), keys.exists(kept.id)) == (False, True)
    assert queries.opened(gone.id).keyless


def test_the_log_costs_a_vote_three_statements(make, queries):
    ballot, person = make.ballot(), make.person()
    voting.open_log(ballot)
    for _turn in range(3):
        with queries() as asked:
            voting.cast(ballot, person, {"B01": 1})
        entered = [statement for statement in asked if "ledger" in statement and "consultation" not in statement]
        assert len(entered) == 3  # it is held with the times, asked with what lies under the tag, and written to
        moved()


def test_nothing_waits_once_it_was_moved(make):
    ballot = make.ballot()
    voting.cast(ballot, make.person(), {"B01": 1})
    moved()
    for model, count in ((PendingEntry, 0), (LedgerEntry, 2), (Checkpoint, 1), (Ledger, 1)):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == count
