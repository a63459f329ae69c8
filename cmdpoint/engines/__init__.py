"""Everything live: finding or starting an engine, building, creating, starting, observing, cleaning up."""
