"""What the commands share: reading files, printing, faults."""
