"""Acts: reported by the sites where people act, by file, API or hand; who acted is spared and thanked."""
