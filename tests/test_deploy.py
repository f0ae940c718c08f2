"""What the Dockerfile and docker-compose.yml promise: no default passwords, limits, health, no root."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import dispatcher
from dispatcher.settings import Settings, load_settings

PROJECT = Path(dispatcher.__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "dispatcher"}
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
WORDS = (PROJECT / "docker-compose.yml").read_text() + (PROJECT / ".env.example").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_a_memory_limit_and_a_health_check(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    ends = service.get("restart") == "no" or "cli" in service.get("profiles", [])
    # The pages' check is the image's own.
    assert ends or name == "web" or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_and_change_nothing_that_they_need_not(name: str) -> None:
    service = OURS[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "./campaigns:/app/templates/campaigns:ro" in service["volumes"]


def test_no_password_stands_in_the_files() -> None:
    settings = re.findall(
        r"^ *([A-Z_]*(?:PASSWORD|KEY|TOKEN|SECRET|URL)[A-Z_]*)[:=] ?(.*)$", WORDS, re.MULTILINE
    )
    assert len(settings) > 5
    for name, value in settings:
        harmless = ("/run/secrets/", "redis://redis:6379", "https://${DOMAIN:?", "./secrets")
        assert value.startswith(harmless), name


def test_what_must_be_given_is_asked_for_in_words() -> None:
    assert {name for name, _ in re.findall(r"\$\{(\w+):\?([^}]{30,})\}", WORDS)} == {"DOMAIN", "SECRETS"}
    optional = set(re.findall(r"\$\{(\w+):-", WORDS)) - {"WORKER_PROCESSES"}
    assert {name.removeprefix("DISPATCH_").lower() for name in optional} <= set(Settings.model_fields)


def test_the_database_and_the_queue_are_reached_by_our_containers_alone() -> None:
    assert COMPOSE["networks"]["inside"]["internal"]
    for name in ("db", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    published = {name for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy", "mailcatcher"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["mailcatcher"]["ports"])


def test_the_queue_refuses_rather_than_forgets() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_workers_scale_and_wait_for_the_migrations() -> None:
    assert "container_name" not in SERVICES["worker"]
    assert "ports" not in SERVICES["worker"]
    for name in ("worker", "web", "cli"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["command"] == ["db", "upgrade"]
    assert SERVICES["migrate"]["restart"] == "no"


def test_the_image_is_built_of_locked_versions_and_runs_as_nobody_in_particular() -> None:
    build, final = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert "uv sync --frozen" in build
    assert "pip install" not in final
    assert "apt-get" not in final
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final


def test_nothing_of_the_working_folder_enters_the_image_unless_it_is_named() -> None:
    lines = [
        line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] not in {"#", ""}
    ]
    assert lines[0] == "*"
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
    named = {f"!{name}" for line in copied for name in line.split()}
    assert named == {line for line in lines if line.startswith("!")}
    assert all((PROJECT / name[1:]).exists() for name in named)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A copy of what `deploy/make-secrets` needs, after its first run."""
    shutil.copytree(PROJECT / "deploy", tmp_path / "deploy")
    shutil.copy(PROJECT / ".env.example", tmp_path)
    subprocess.run([tmp_path / "deploy" / "make-secrets"], check=True, capture_output=True)
    return tmp_path / "secrets"


def test_the_secrets_that_are_made_are_the_ones_that_are_mounted_and_settings_take_them(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {file.name for file in made.iterdir()} == set(COMPOSE["secrets"])
    for variable, value in OURS["worker"]["environment"].items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(made)) if "${" not in value else "")
    settings = load_settings()
    assert settings.data_key != settings.secret_key
    assert settings.redis is not None
    assert settings.email.scheme == settings.sms.scheme == "outbox"
    assert (made / "postgres_password").read_text().strip() in (made / "database_url").read_text()


def test_secrets_are_made_once_and_nobody_else_can_enter_their_folder(made: Path) -> None:
    before = {file.name: file.read_bytes() for file in made.iterdir()}
    subprocess.run([made.parent / "deploy" / "make-secrets"], check=True, capture_output=True)
    assert {file.name: file.read_bytes() for file in made.iterdir()} == before
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert os.access(made / "data_key", os.R_OK)
