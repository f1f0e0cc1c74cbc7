"""The bodies that decide, coordinate and vouch for a percorso, and who may do what on the site."""
