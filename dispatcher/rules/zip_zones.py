"""Postal codes of the United States: the first three digits say the state, and nearly the time zone.

Made by putting the coordinates of every ZIP code on the map of IANA time zones, and held against a second
list; a prefix that a zone's border crosses has both zones. Military codes can be anywhere: none is here.
"""

import re
from collections.abc import Collection
from functools import cache

from dispatcher.rules.places import Place, read_rows

_ROWS = """
AK KD 995
AK K 996-999
AL C 350-352 354-367 369
AL EC 368
AR C 716-729
AS S 96799
AZ A 850-853 855-857 859 863-864
AZ MA 860 865
CA P 900-908 910-928 930-961
CO M 800-816
CT E 060-069
DC E 200 202-205 569 888
DE E 197-199
FL E 320-323 326-339 341-342 344 346-347 349
FL EC 324
FL C 325
FM GN 96941-96944
GA E 300-319 398-399
GU G 969
HI H 967-968
IA C 500-516 520-528
ID M 832-834 836-837
ID MP 835
ID P 838
IL C 600-620 622-629
IN E 460-462 466-468 470-474 478
IN C 463-464 476-477
IN EC 465 469 475 479
KS C 660-662 664-676 679
KS CM 677-678
KY E 400 402-418 425
KY EC 401 426-427
KY C 420-424
LA C 700-701 703-708 710-714
MA E 010-027 055
MD E 205-212 214-219
ME E 039-049
MH J 96960 96970
MI E 480-497
MI EC 498-499
MN C 550-551 553-567
MO C 630-631 633-641 644-658 726
MS C 386-397
MT M 590-599
NC E 270-289
ND C 580-584 587
ND CM 585-586 588
NE C 680-681 683-689
NE CM 690-692
NE M 693
NH E 030-038
NJ E 070-089
NM M 870-871 873-884
NV P 889-891 893-895 897
NV MP 898
NY E 005 063 100-149
OH E 430-459
OK C 730-731 734-741 743-749
OR P 970-978
OR MP 979
PA E 150-196
PR R 006-007 009
PW W 96939-96940
RI E 028-029
SC E 290-299
SD C 570-574
SD CM 575-576
SD M 577
TN C 370-372 375 380-385
TN EC 373-374 377
TN E 376 378-379
TX C 733 739 750-770 772-797
TX CM 798-799
TX M 885
UT M 840-847
VA E 201 205 220-246
VI R 008
VT E 050-054 056-059
WA P 980-986 988-994
WI C 530-532 534-535 537-549
WV E 247-268
WY M 820-831 834
"""

# Five digits, or nine; spreadsheets drop the first one or two when they are zeros, and may add `.0`.
_POSTAL_CODE = re.compile(r"(?P<zip>\d{3,5})(?:[-\s]\d{4}|\.0)?|(?P<long>\d{7,9})(?:\.0)?")

_places = cache(lambda: read_rows(_ROWS))


def place_of_postal_code(text: str) -> Place | None:
    """Where a US postal code, as people and spreadsheets write it, can be; None when it isn't one we know."""
    match = _POSTAL_CODE.fullmatch(text.strip())
    if not match:
        return None
    code = match["zip"].zfill(5) if match["zip"] else match["long"].zfill(9)[:5]
    return _places().get(code) or _places().get(code[:3])


def every_place() -> Collection[Place]:
    """All places that postal codes can mean: which states lie in a zone."""
    return _places().values()
