"""How it is known that a person lives, works or studies here: four ways, each person once."""
