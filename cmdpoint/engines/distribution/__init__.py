"""Engines from the distribution's archive: which there are, and unpacking one."""
