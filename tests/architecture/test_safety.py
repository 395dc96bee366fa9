"""Is what the file system and the network can do to the program kept in few places?"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "sim").rglob("*.[ch]pp"), *(ROOT / "bindings").rglob("*.[ch]pp")]

# Functions of std::filesystem that throw where they are not given an error_code. io/folder.cpp wraps them.
THROWING = re.compile(r"(?:directory_iterator|current_path|temp_directory_path|is_regular_file|is_directory|exists|"
                      r"canonical|file_size|equivalent)\s*\(([^()]|\([^()]*\))*\)")
NETWORK = re.compile(r"sys/socket\.h|netdb\.h|arpa/inet\.h|curl/|boost/asio|\bgetaddrinfo\b|\bsocket\s*\(")


def faults(pattern, allowed=lambda text: False):
    found = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            code = line.split("//")[0]
            if ("fs::" in code or "filesystem::" in code) or pattern is NETWORK:
                found += [f"{path.relative_to(ROOT)}:{number}: {match.group(0)}" for match in pattern.finditer(code)
                          if not allowed(match.group(0)) and match.group(0) != "directory_iterator()"]
    return found


def test_the_file_system_is_asked_without_exceptions():
    def is_safe(call):
        return re.search(r"\b(error|fault|none|ignored|gone|failed|status|one|other)\b", call) is not None
    assert faults(THROWING, is_safe) == []


def test_nothing_uses_the_network():
    assert faults(NETWORK) == []
    for path in (ROOT / "python").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:import|from) (?:socket|urllib\.request|http\.client|requests|ftplib)\b", text,
                             re.M), path


def test_no_regular_expression_meets_text_of_users():
    """std::regex recurses once per character."""
    assert [str(path) for path in SOURCES if "<regex>" in path.read_text(encoding="utf-8")] == []
