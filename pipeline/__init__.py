"""Winnow: clean canonical text from raw scraped pages."""
