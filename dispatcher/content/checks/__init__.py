"""What is looked for before a campaign is sent: one function for each kind of finding."""
