"""Outgoing webhooks: others are told what happens, by numbers alone (docs/webhooks.md, docs/adr/0038).

What there is to tell is found in what is written anyway, a few seconds later (`following`): nothing that
sends knows of it. It stands in `webhook_deliveries` until each receiver has taken it (`telling`).
"""
