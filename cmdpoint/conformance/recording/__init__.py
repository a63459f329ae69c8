"""One list of cases asked of every engine at hand, and what is kept of the answers."""
