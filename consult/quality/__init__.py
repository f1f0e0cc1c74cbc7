"""How well moderators decide: a second reading of some decisions, drawn by lot, and figures."""
