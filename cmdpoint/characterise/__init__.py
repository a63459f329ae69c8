"""`cmdpoint characterise`: infer the behaviours of a live engine, and print the rows that describe it."""
