"""What somebody takes away from voting: the entry of their paper, and the proof that it is in the log."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from consult.core import keys
from consult.ledger import queries, signing
from consult.ledger.models import Checkpoint


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the entry of a paper is: on its way into the log, in it, and under which signed head."""

    position: int | None = None
    checkpoint: Checkpoint | None = None

    @property
    def proven(self) -> bool:
        return self.checkpoint is not None


def standing(activity_id: int, entry_hash: str) -> Standing:
    """How far an entry is."""
    position = queries.position(activity_id, entry_hash)
    last = queries.last_checkpoint(activity_id)
    return Standing(position=position,
                    checkpoint=last if position is not None and last and last.size > position else None)


def receipt(activity_id: int, entry_hash: str) -> dict[str, Any]:
    """The receipt of a paper, as `verify.py --receipt` reads it; without proof where the entry still waits."""
    leaf, where = queries.leaf(activity_id, entry_hash), standing(activity_id, entry_hash)
    written: dict[str, Any] = {"hash": entry_hash}
    if leaf is not None:
        written |= {"entry": leaf.decode(), "what": json.loads(leaf)}
    if where.checkpoint is not None and where.position is not None:
        size = where.checkpoint.size
        written |= {"position": where.position, "size": size, "checkpoint": where.checkpoint.note,
                    "proof": [one.hex() for one in queries.proof(activity_id, where.position, size)]}
        with suppress(keys.KeyLostError):
            written["key"] = signing.verifier()
    return written
