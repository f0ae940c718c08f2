"""Servers on loopback that behave, or misbehave, as providers do, and keep a journal of what they took."""
