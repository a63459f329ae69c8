"""An engine that nobody has described yet: what is asked of it, and what its answers say.

Nothing here talks to an engine: whoever does is handed in.
"""
