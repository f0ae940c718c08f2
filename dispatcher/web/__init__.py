"""What subscribers and providers reach: joining, leaving, what we sent, the API, texts that come in."""
