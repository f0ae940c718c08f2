"""The pages that subscribers and providers reach: leaving, health, texts that come in."""
