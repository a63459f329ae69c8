"""Everything live: find or start an engine, build, create, start, observe, clean up."""
