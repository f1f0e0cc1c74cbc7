"""With what a percorso ends: the Documento di proposta partecipata, its passages, and the draft of the resolution."""
