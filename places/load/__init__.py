"""Load administrative units from a file into a boundary set; see load.py."""
