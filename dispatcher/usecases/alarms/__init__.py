"""Alarms: what staff are told when something goes wrong and nobody is looking.

What is wrong is written into the database first (`note`), in the transaction of whatever noticed it or by a
look around (`conditions`, `lookout`), and told afterwards by whichever process comes first (`tell`): once for
each occasion, tried again until it arrives, and never in the way of sending.

An alarm goes to somebody else's servers. So it says which alert by its number alone, never a campaign, a list
or a provider's words: that "daca" was sent is nobody's business who reads a chat.
"""
