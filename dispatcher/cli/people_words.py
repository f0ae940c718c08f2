"""People as commands show them: in part, or whole with --reveal; as a table, a story or JSON."""

import json
from collections.abc import Sequence
from typing import Any

from dispatcher.cli.out import say, table
from dispatcher.rules.alert import Channel
from dispatcher.rules.masking import masked
from dispatcher.usecases.view_subscribers import Story, SubscriberView, SubscriptionView


def people_table(people: Sequence[SubscriberView], *, reveal: bool) -> None:
    """A row a person; names only with `reveal`."""
    rows = []
    for one in people:
        lists = "; ".join(f"{channel}: {', '.join(on)}" for channel in Channel if (on := one.on(channel)))
        name = " ".join(filter(None, (one.first_name, one.last_name))) if reveal else ""
        rows.append((one.id, _shown(one.email, reveal), _shown(one.phone, reveal), one.language, lists, name))
    table(("id", "email", "phone", "language", "lists", "name" if reveal else ""), rows)


def facts(one: SubscriberView, *, reveal: bool) -> dict[str, Any]:
    """One person for JSON."""
    names = {"first_name": one.first_name, "last_name": one.last_name} if reveal else {}
    return {
        "id": one.id,
        "email": _shown(one.email, reveal) or None,
        "phone": _shown(one.phone, reveal) or None,
        **names,
        "language": one.language,
        "time_zone": one.time_zone,
        "postal_code": one.postal_code,
        "created_at": one.created_at.isoformat(),
        "lists": {str(channel): one.on(channel) for channel in Channel},
    }


def story_facts(story: Story, *, reveal: bool) -> dict[str, Any]:
    """One person's story for JSON."""
    told = facts(story.subscriber, reveal=reveal)
    if reveal:
        told["attributes"] = json.loads(story.attributes or "{}")
    return told | {
        "quiet_zones": story.quiet_zones,
        "import": story.batch_id,
        "suppressed": {str(channel): str(reason) for channel, reason in story.suppressions.items()},
        "subscriptions": [_subscription(one) for one in story.subscriber.subscriptions],
        "consents": [
            {
                "at": one.at.isoformat(),
                "list": one.list_slug,
                "channel": str(one.channel),
                "act": str(one.act),
                "source": one.source,
                "language": one.language,
                "disclosure": one.disclosure,
                "import": one.batch_id,
            }
            for one in story.consents
        ],
        "messages": [
            {
                "message": one.id,
                "alert": one.alert_id,
                "campaign": one.campaign,
                "channel": str(one.channel),
                "status": str(one.status),
                "error": one.error,
                "at": one.changed_at.isoformat(),
            }
            for one in story.messages
        ],
    }


def _subscription(one: SubscriptionView) -> dict[str, Any]:
    return {
        "list": one.list_slug,
        "channel": str(one.channel),
        "joined_at": one.joined_at.isoformat(),
        "left_at": one.left_at.isoformat() if one.left_at else None,
        "current_address": one.current,
    }


def tell(story: Story, *, reveal: bool) -> None:
    """One person's story, for reading."""
    one = story.subscriber
    name = " ".join(filter(None, (one.first_name, one.last_name))) if reveal else ""
    say(f"Subscriber {one.id}{f', {name}' if name else ''}")
    for channel, address in ((Channel.EMAIL, one.email), (Channel.SMS, one.phone)):
        suppressed = story.suppressions.get(channel)
        why = f"  suppressed: {suppressed}" if suppressed else ""
        say(f"  {channel:<9} {_shown(address, reveal) or '-'}{why}")
    say(f"  language  {one.language}   zone {one.time_zone or '-'}   postal code {one.postal_code or '-'}")
    say(f"  hours     {story.quiet_zones or '-'}")
    if reveal and story.attributes:
        say(f"  kept      {story.attributes}")
    for consent in story.consents:
        shown = f", shown: {' '.join(consent.disclosure.split())!r}" if consent.disclosure else ""
        when = f"{consent.at.astimezone():%Y-%m-%d %H:%M}"
        say(f"  {when}  {consent.act} {consent.list_slug} by {consent.channel}: {consent.source}{shown}")
    for message in story.messages:
        why = f" ({message.error})" if message.error else ""
        when = f"{message.changed_at.astimezone():%Y-%m-%d %H:%M}"
        say(f"  {when}  message {message.id}, {message.campaign} by {message.channel}: {message.status}{why}")


def _shown(address: str | None, reveal: bool) -> str:
    if address is None:
        return ""
    return address if reveal else masked(address)
