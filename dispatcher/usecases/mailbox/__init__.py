"""The mailbox that is read for us: what comes back by mail, and what people answer.

mails      what one mail says, and what follows from it
reading    reads the mails that are new, some seconds at a time
condition  how it stands with it, for `dispatch doctor`
"""
