"""Observations of engines: records, files of records, and their replay."""
