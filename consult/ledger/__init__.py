"""The log of a ballot: every paper cast, changed, withdrawn or voided, which nobody can rewrite unnoticed."""
