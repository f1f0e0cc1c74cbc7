"""What stands for a person wherever nobody may take part twice."""

from typing import TYPE_CHECKING, Any


class Recognised:
    """A person as whatever each does once knows them again."""

    if TYPE_CHECKING:
        id: Any
        verifications: Any
        tied_codes: Any

    @property
    def identities(self) -> list[str]:
        """What stands for this person wherever nobody may take part twice, the strongest first.

        A verified identifier comes before the account, so that a second account gives no second vote; a code that
        anybody may have had comes after it. All are told, so that whoever took part before being verified, or with
        a code, is recognised afterwards.
        """
        own = sorted((v for v in self.verifications if v.identifier_hash), key=lambda v: v.id)
        proven = [v.identifier_hash for v in own if not v.by_code]
        former = sorted(known.identifier_hash for v in own for former in v.formers for known in former.alike)
        return [*(f"identifier:{hash}" for hash in proven), *(f"person:{id}" for id in self.ids),
                *(f"identifier:{hash}" for hash in dict.fromkeys([*self.brought, *former]) if hash not in proven)]

    @property
    def brought(self) -> list[str]:
        """The hashes of the codes that stand for this person: those that verified them, then those that did not."""
        own = sorted((v for v in self.verifications if v.by_code), key=lambda v: v.id)
        return [*(v.identifier_hash for v in own if v.identifier_hash), *sorted(tied.hash for tied in self.tied_codes)]

    @property
    def ids(self) -> list[int]:
        """The id of this account and of those that the same verified person had erased lately."""
        return [self.id, *sorted(former.person_id for v in self.verifications for former in v.formers)]
