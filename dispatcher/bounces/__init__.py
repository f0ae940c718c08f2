"""What comes back by mail: bounces, complaints, automatic answers, people's replies. Reading alone, no
consequence: these modules know no database.

Whatever arrives is somebody else's bytes, so everything here is bounded: sizes, depths, numbers of parts,
and patterns that cannot backtrack far.
"""
