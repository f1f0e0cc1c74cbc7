"""The log of a ballot: every paper an entry of a Merkle tree, signed, published, verified by anybody."""
