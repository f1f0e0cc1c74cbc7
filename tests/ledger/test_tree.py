"""The tree of RFC 6962, the canonical form and the signed note, against what others have published."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.ledger import merkle
from consult.ledger.canonical import LARGEST, NotCanonicalError, canonical, plain
from consult.ledger.verifier import checking, ed25519

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]
"""The vectors of Certificate Transparency for trees of 1 to 8 leaves."""


def test_roots_are_those_of_certificate_transparency():
    assert merkle.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edge, tree = merkle.Edge(), checking.Tree()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        edge.append(merkle.leaf(leaf))
        tree.add(checking.leaf_hash(leaf))
        assert edge.root().hex() == tree.root().hex() == root


def test_a_proof_of_certificate_transparency():
    hashes = [merkle.leaf(leaf) for leaf in LEAVES]
    proof = merkle.inclusion(5, 8, lambda low, high: merkle.root(hashes[low:high]))
    assert [one.hex()[:8] for one in proof] == ["bc1a0643", "ca854ea1", "d37ee418"]


@given(st.integers(1, 70), st.data())
@settings(max_examples=40)
def test_every_entry_is_proven_and_no_other(size, data):
    hashes = [merkle.leaf(bytes([number])) for number in range(size)]
    position = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(position, size, lambda low, high: merkle.root(hashes[low:high]))
    root = merkle.root(hashes)
    assert merkle.proven(hashes[position], position, size, proof) == root
    assert merkle.proven(merkle.leaf(b"other"), position, size, proof) != root
    assert merkle.proven(hashes[position], position + 1, size, proof) != root or size == 1
    assert merkle.proven(hashes[position], position, size, [*proof, root]) is None


things = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"])) | st.integers(1 - LARGEST, LARGEST - 1),
    lambda inner: st.lists(inner) | st.dictionaries(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), inner),
    max_leaves=12)


@given(things)
@settings(max_examples=40)
def test_the_canonical_form_is_a_fixed_point(thing):
    once = canonical(thing)
    assert canonical(checking.json.loads(once)) == once == checking.canonical(thing)


@pytest.mark.parametrize("thing", [1.0, True, None, LARGEST, -LARGEST, {"": 1}, {"a b": 1}, {1: 1}, "\ud800", (1,),
                                   b""])
def test_what_has_no_canonical_form_is_refused(thing):
    with pytest.raises(NotCanonicalError):
        canonical([thing])


def test_what_a_ballot_is_set_up_with_is_written_plainly():
    assert plain({"skip": True, "threshold": None, "share": 0.05, "lots": {"nord": 3}}) == {
        "skip": 1, "share": "0.05", "lots": {"nord": 3}}


RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b")),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"))]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_signatures_are_verified_as_in_the_standard(key, message, signature):
    key, message, signature = map(bytes.fromhex, (key, message, signature))
    assert ed25519.signed(key, message, signature)
    assert not ed25519.signed(key, message + b"x", signature)
    assert not ed25519.signed(key, message, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not ed25519.signed(key, message, signature[:32] + (
        int.from_bytes(signature[32:], "little") + ed25519.ORDER).to_bytes(32, "little"))


def test_a_note_of_the_go_project_is_read():
    """The example of golang.org/x/mod/sumdb/note, which C2SP describes."""
    key = checking.Key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = ("If you think cryptography is the answer to your problem,\n"
            "then you don't know what your problem is.\n")
    signature = base64.b64decode("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
                                 "RyyBwJnAM=")
    assert signature[:4] == key.number
    assert ed25519.signed(key.public, text.encode(), signature[4:])
    assert hashlib.sha256(b"PeterNeumann\n\1" + key.public).digest()[:4] == key.number
