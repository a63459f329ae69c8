"""`cmdpoint dialect`: the behaviours of one dialect, or those in which two dialects differ."""
