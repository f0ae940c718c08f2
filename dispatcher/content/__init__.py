"""From a campaign's folder to a finished message: load, freeze as an edition, render for one person."""
