"""One module for each form a document may take; none of them reads the database."""
