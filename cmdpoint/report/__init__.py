"""Reports for people: the matrix, the table of a run, divergences and the ledger."""
