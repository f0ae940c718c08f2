"""What is kept of people beside addresses and names: typed by attributes.toml, so that segments can ask."""
