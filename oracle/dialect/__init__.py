"""What differs between engines, builders, stores and runtimes, as data."""
