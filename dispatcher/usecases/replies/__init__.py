"""What people write to us, and how staff answer."""
