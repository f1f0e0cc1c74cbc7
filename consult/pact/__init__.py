"""The pact: who signs it, who answers for which commitment, and how far each commitment is."""
