"""What people change by themselves, behind a link that was just sent to their address."""
