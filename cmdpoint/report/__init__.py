"""What people read of results: the table of a run, and the account of a disagreement."""
