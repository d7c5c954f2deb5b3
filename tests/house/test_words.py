"""Does any file say what is not ours to say, or where it was made?

The patterns are put together from pieces, so that this file does not say it either.
"""

from __future__ import annotations

import re

import pytest

from tests.house.tree import texts


def either(*patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns, each given in pieces."""
    return re.compile("|".join("".join(pieces) for pieces in patterns), re.I)


CLAIMS = either(("standard of", " care"), ("not a medical", " device"), ("(hipaa|gdpr|fda|part 11)", "[- ]compliant"))
# In what we write about ourselves, these words would be claims too. In code and knowledge they have other uses.
CLAIMS_ABOUT_US = either((r"\bcompli", r"ant\b"), (r"\bvali", r"dated\b"), (r"\bsa", r"fe\b"))
REGISTRIES = either(("python", "hosted"), ("py", r"pi\.org"), (r"npm", r"js\.(org|com)"), (r"deb\.deb", "ian"))
# At the start of a path only: a web address may have such a part too.
START = r"(?<![\w.])/"
MACHINES = either(
    (START, "wor", "k/(main|shared|steering)"),
    (START, "far", "m/"),
    (START, "opt/", "pypi"),
    (START, "tmp/", "brief"),
    (START, "ho", r"me/\w"),
    (START, "ro", "ot/"),
    (START, "Us", "ers/"),
    ("bash_", "jobs"),
)
QUOTES = ("daybreak/", "docs/knowledge.md")  # titles of documents are quoted there
OURS = [path for path in texts() if path.endswith(".md") and not path.startswith(QUOTES)]


def hits(pattern: re.Pattern[str], paths: list[str]) -> list[str]:
    """Each hit as `file:line: words`. A sentence may be broken over two lines."""
    found = []
    for path in paths:
        text = texts()[path]
        for match in pattern.finditer(re.sub(r"\s", " ", text)):
            found.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}")
    return found


@pytest.mark.parametrize("pattern", [CLAIMS, REGISTRIES, MACHINES], ids=["claims", "registries", "machines"])
def test_no_file_says_it(pattern: re.Pattern[str]) -> None:
    assert hits(pattern, list(texts())) == []


def test_we_make_no_claims_about_ourselves() -> None:
    assert hits(CLAIMS_ABOUT_US, OURS) == []


def test_the_readme_names_its_limits() -> None:
    readme = " ".join(texts()["README.md"].split())
    for limit in (
        "not cleared, approved or certified",
        "regulated as a medical device",
        "does not replace the monitor, the staff or anybody's judgement",
        "not endorsed by the APA, the FDA, the REMS or a maker",
        "no clinician outside the project has checked",
    ):
        assert limit.lower() in readme.lower(), f"README.md no longer says: {limit}"
