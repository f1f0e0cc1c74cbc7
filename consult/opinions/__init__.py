"""Maps of opinions: short statements, what people say to them, and where different interests agree."""
