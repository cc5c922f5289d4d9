#!/usr/bin/python3
"""The page of `keytide audit --output html` in a real browser: it draws its plots, breaks no word, and asks for nothing.

Exit code 77: no Chromium here, and the test says so. `make prove` installs one.
"""
import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from stage import LEAST_POLICY, Stage  # noqa: E402

CHROMIUM = shutil.which("chromium")

# What the page looks like once it is laid out, told by its own elements.
MEASURE = """<script>
addEventListener('load', () => {
  const told = [...document.querySelectorAll('svg')].map(s => `svg ${Math.round(s.getBoundingClientRect().height)} ${s.querySelectorAll('rect').length}`);
  for (const cell of document.querySelectorAll('td.failed, td.passed, td.unknown, td code')) {
    const range = document.createRange();
    range.selectNodeContents(cell);
    if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) told.push('broken ' + cell.textContent);
  }
  told.push('wider ' + Math.max(0, document.documentElement.scrollWidth - innerWidth));
  told.push('loaded ' + performance.getEntriesByType('resource').length);
  document.body.dataset.told = told.join('\\n');
});
</script></head>"""


class Body(html.parser.HTMLParser):
    told = None

    def handle_starttag(self, tag, attributes):
        if tag == "body":
            self.told = dict(attributes).get("data-told")


class Page(Stage):
    def test_the_page_is_laid_out_as_it_is_meant(self):
        for number in range(30):
            self.user(f"user-{number}-with-a-rather-long-name@example.com", LEAST_POLICY)
            if number % 3 == 0:
                self.lab.tell("POST", "clock", {"advance": "9d"})
            self.key(f"user-{number}-with-a-rather-long-name@example.com")
        self.write_credentials(self.profile("default", self.lab.root))
        page = self.expect(self.keytide("audit", "--output", "html"), 7).stdout
        self.assertNotIn("<script", page)
        # Scripts are forbidden by the page itself; the one that measures needs leave.
        measured = page.replace("style-src", "script-src 'unsafe-inline'; style-src").replace("</head>", MEASURE, 1)
        file = self.home / "audit.html"
        file.write_text(measured)
        for width in (1100, 500):
            with self.subTest(width=width):
                run = subprocess.run([CHROMIUM, "--headless", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else []),
                                      f"--user-data-dir={self.home}/browser", f"--window-size={width},2000", "--dump-dom", file.as_uri()],
                                     capture_output=True, text=True, timeout=120)
                body = Body()
                body.feed(run.stdout)
                self.assertIsNotNone(body.told, run.stderr)
                told = body.told.splitlines()
                plots = [line.split() for line in told if line.startswith("svg ")]
                self.assertGreaterEqual(len(plots), 2)
                for _, height, bars in plots:
                    self.assertGreater(int(height), 80)
                    self.assertGreater(int(bars), 3)
                self.assertEqual([line for line in told if re.match(r"broken|wider [^0]|loaded [^0]", line)], [])


if __name__ == "__main__":
    if not CHROMIUM:
        print("SKIPPED: chromium is not installed, so that nobody here can say how the page looks")
        sys.exit(77)
    unittest.main(verbosity=2, warnings="ignore")
