"""`cmdpoint characterise`: a live engine is asked, and what is new of it is told."""
