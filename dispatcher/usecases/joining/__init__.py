"""Signing up: asked for on a page, confirmed from the address itself, and nobody is a subscriber before."""
