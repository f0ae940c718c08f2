"""What segments ask of people's attributes, findable without being readable (docs/adr/0027)."""

from sqlalchemy import Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.models.base import AddressKey, Base, BigId


class AttributeValue(Base):
    """One attribute of one person, taken from the encrypted JSON of `subscribers.attributes`.

    The name is a keyed hash. So is the value where it is compared for equality alone; a number, or a day (as
    `date.toordinal` counts), stands in the clear in `number`, for a hash has no order.
    """

    __tablename__ = "attribute_values"
    __table_args__ = (
        Index(None, "name_key", "value_key", "subscriber_id"),
        Index(None, "name_key", "number", "subscriber_id"),
    )

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    name_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    value_key: Mapped[bytes | None] = mapped_column(AddressKey)
    number: Mapped[float | None] = mapped_column(Double())
