"""Ways of voting: what a valid paper is, how papers are counted, and why somebody won; plain functions, no database."""
