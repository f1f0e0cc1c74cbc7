"""The tree of RFC 6962: one hash for a whole log, and proofs that an entry is under it."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
Span = Callable[[int, int], bytes]
"""The root over the entries from one position to before another."""


def leaf(content: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def cut(size: int) -> int:
    """Where a tree of at least two entries is cut in two: the largest power of two below its size."""
    return 1 << ((size - 1).bit_length() - 1)


class Edge:
    """The full subtrees of a growing tree, the largest first: all that appending needs to know."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)

    def append(self, hashed: bytes) -> None:
        """Add the hash of one more entry."""
        full = self.size
        while full & 1:
            hashed = node(self.roots.pop(), hashed)
            full >>= 1
        self.roots.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """The one hash that stands for all entries."""
        if not self.roots:
            return EMPTY
        *rest, found = self.roots
        for larger in reversed(rest):
            found = node(larger, found)
        return found


def over_blocks(roots: Sequence[bytes], width: int) -> Edge:
    """A tree that begins with full blocks of a width, a power of two, of which only the roots are known."""
    above = Edge()
    for one in roots:
        above.append(one)
    return Edge(above.size * width, above.roots)


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes of entries."""
    edge = Edge()
    for hashed in hashes:
        edge.append(hashed)
    return edge.root()


def inclusion(position: int, size: int, span: Span) -> list[bytes]:
    """The hashes with which whoever has an entry comes to the root over the first `size` entries."""
    proof, low, high = [], 0, size
    while high - low > 1:
        middle = low + cut(high - low)
        if position < middle:
            proof.append(span(middle, high))
            high = middle
        else:
            proof.append(span(low, middle))
            low = middle
    return proof[::-1]


def proven(hashed: bytes, position: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a proof leads; None for one that fits no tree of this size."""
    sides, low, high = [], 0, size
    while high - low > 1:
        middle = low + cut(high - low)
        sides.append(position < middle)
        low, high = (low, middle) if position < middle else (middle, high)
    if not 0 <= position < size or len(sides) != len(proof):
        return None
    for left, other in zip(reversed(sides), proof, strict=True):
        hashed = node(hashed, other) if left else node(other, hashed)
    return hashed
