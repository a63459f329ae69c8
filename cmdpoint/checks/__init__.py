"""`cmdpoint check`: the findings of every Dockerfile in a tree, for people, editors and CI."""
