"""What a CRM may read of us, by the API (docs/api.md): what the command line lists, a page at a time.

`named`: also what sensitive lists and campaigns are called. Without that they are numbers.
"""
