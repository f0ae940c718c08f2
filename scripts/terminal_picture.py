"""docs/img/terminal.png: `dispatch send` in a terminal, as it really was, after `dispatch demo`.

    python scripts/terminal_picture.py

Needs Chromium and the Noto fonts (Debian: apt-get install chromium fonts-noto-core).
"""

import html
import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyte
from playwright.sync_api import sync_playwright

from dispatcher.chromium import arguments, find_chromium
from palette_png import with_palette

_COLUMNS, _LINES = 84, 60
_COMMAND = ["dispatch", "send", "--campaign", "healthcare", "--wait"]
_QUESTION, _ANSWER = "[y/N]: ", b"y\n"
_LONGEST = 120  # seconds
_PAGE = """<body style="margin:0;background:#1b2330"><pre style="margin:0;padding:20px 24px;
display:inline-block;font:15px/1.45 'Noto Sans Mono','DejaVu Sans Mono',monospace;
color:#e6edf3">{text}</pre></body>"""


def main() -> None:
    """Practise in a folder of its own, send another campaign in a terminal, and take its picture."""
    dispatch = Path(sys.executable).with_name("dispatch")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([dispatch, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        lines = _seen([str(dispatch), *_COMMAND[1:]], folder)
    shown = "\n".join(line.replace(f"{folder}/", "") for line in lines)
    text = f"<b style='color:#7ee0c6'>$</b> {html.escape(' '.join(_COMMAND))}\n{html.escape(shown)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        page = browser.new_page(device_scale_factor=2)
        page.set_content(_PAGE.format(text=text))
        picture = page.locator("pre").screenshot()
        Path("docs/img/terminal.png").write_bytes(with_palette(picture, browser.new_page()))
        browser.close()


def _seen(command: list[str], folder: str) -> list[str]:
    """What stands on a terminal when a command has ended, its question answered."""
    screen = pyte.Screen(_COLUMNS, _LINES)
    stream = pyte.ByteStream(screen)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color", COLUMNS=str(_COLUMNS), LINES=str(_LINES))
        os.execv(command[0], command)
    answered = False
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end and select.select([terminal], [], [], _LONGEST)[0]:
        try:
            stream.feed(os.read(terminal, 65536))
        except OSError:  # Linux says so when the other side has gone
            break
        if not answered and any(_QUESTION.strip() in line for line in screen.display):
            os.write(terminal, _ANSWER)
            answered = True
    os.waitpid(child, 0)
    return "\n".join(line.rstrip() for line in screen.display).rstrip().splitlines()


if __name__ == "__main__":
    main()
