"""Whether people can leave here."""

import json

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
