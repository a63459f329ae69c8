"""`cmdpoint characterise`: find out how a live engine behaves, and print the rows that describe it."""
