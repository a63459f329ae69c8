"""The rules, in chapters a person reads top to bottom, and the loader that hands their examples to tests."""
