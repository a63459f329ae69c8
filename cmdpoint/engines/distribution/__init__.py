"""Engines from the distribution's archive: list them, download and unpack one."""
