"""The desk on which the plan office reads all contributions of a percorso, tags them together, and sees what recurs."""
