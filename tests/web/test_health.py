"""Whether people can leave here."""

import json
from collections.abc import Callable

from sqlalchemy import text
from web_site import Site

from dispatcher.tokens import Signer


def test_a_healthy_site_says_so_with_its_schema_and_the_ids_of_its_keys(site: Site) -> None:
    answer = site.get("/health")
    told = json.loads(answer.text)
    assert answer.status == 200
    assert (told["ok"], told["database"]) == (True, "ok")
    assert told["token_keys"] == Signer.load(site.house.settings).key_ids


def test_a_database_of_another_version_is_not_healthy(site: Site) -> None:
    with site.house.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = site.get("/health")
    assert answer.status == 503
    assert json.loads(answer.text) == {"ok": False, "database": "database_not_migrated"}


def test_a_site_is_ready_once_people_can_join(site_with: Callable[..., Site], redis_url: str) -> None:
    answer = site_with(redis_url=redis_url).get("/ready")
    assert (answer.status, json.loads(answer.text)) == (200, {"ok": True, "database": "ok", "limits": "ok"})


def test_without_redis_people_can_leave_and_nobody_can_join(site_with: Callable[..., Site]) -> None:
    site = site_with(redis_url="redis://127.0.0.1:1")
    assert site.get("/health").status == 200
    assert json.loads(site.get("/ready").text) == {
        "ok": False,
        "database": "ok",
        "limits": "limiter_unavailable",
    }


def test_without_its_database_a_site_is_not_ready(site_with: Callable[..., Site], redis_url: str) -> None:
    site = site_with(redis_url=redis_url)
    with site.house.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = site.get("/ready")
    assert (answer.status, json.loads(answer.text)["database"]) == (503, "database_not_migrated")
