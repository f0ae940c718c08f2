"""Addresses under the mailbox for bounces."""

from dispatcher.rules.return_paths import leave_address, reply_path, return_path


def test_a_return_path_says_which_message_it_is() -> None:
    assert return_path("back@example.org", "7.0123456789abcdef") == "back+7.0123456789abcdef@example.org"


def test_answers_go_to_the_messages_own_address_or_none() -> None:
    assert reply_path("desk@example.org", "7.0123456789abcdef") == "desk+7.0123456789abcdef@example.org"
    assert reply_path("", "7.0123456789abcdef") == ""


def test_whoever_leaves_by_mail_writes_to_an_address_that_says_who() -> None:
    assert leave_address("bounces@example.org", "AbC-_1") == "bounces+leave.AbC-_1@example.org"


def test_without_a_mailbox_there_is_no_address() -> None:
    assert leave_address("", "AbC") == ""


def test_an_address_never_has_more_than_64_octets_before_the_at() -> None:
    fits = "x" * (64 - len("bounces+leave."))
    assert leave_address("bounces@example.org", fits).startswith("bounces+leave.xx")
    assert leave_address("bounces@example.org", fits + "x") == ""
