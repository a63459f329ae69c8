"""Code that several commands share: reading files, printing, faults."""
