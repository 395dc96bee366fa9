// Does a fault read like a compiler's, with the caret under the right character?
#include "base/diagnostic.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

using namespace chipmix;

namespace {

Diagnostic fault(const std::string& line, int column) {
  Diagnostic diagnostic;
  diagnostic.file = "scenario.json";
  diagnostic.place = {14, column};
  diagnostic.message = "unknown key 'coutn'";
  diagnostic.source_line = line;
  return diagnostic;
}

/// The source line and the caret line of the text, without the first four blanks.
std::pair<std::string, std::string> shown(const std::string& line, int column) {
  const std::string text = to_text(fault(line, column));
  const std::size_t first = text.find('\n') + 5, second = text.find('\n', first);
  return {text.substr(first, second - first), text.substr(second + 5)};
}

}  // namespace

TEST_CASE("is a fault written as place, line, caret and hint") {
  Diagnostic diagnostic = fault("        \"coutn\": 8,", 9);
  diagnostic.hint = "did you mean 'count'?";
  CHECK(to_text(diagnostic) ==
        "scenario.json:14:9: error: unknown key 'coutn'\n"
        "    \"coutn\": 8,\n"
        "    ^\n"
        "  hint: did you mean 'count'?");
}

TEST_CASE("is a fault without place or line still readable") {
  Diagnostic diagnostic;
  diagnostic.message = "no such option";
  CHECK(to_text(diagnostic) == "error: no such option");
  diagnostic.file = "s.json";
  CHECK(to_text(diagnostic) == "s.json: error: no such option");
}

TEST_CASE("does the caret stand under its character") {
  CHECK(shown("ab cd", 4) == std::pair<std::string, std::string>("ab cd", "   ^"));
  CHECK(shown("ab", 3).second == "  ^");
  CHECK(shown("a\tb\tc", 5).second == " \t \t^");
  CHECK(shown("\u663E\u5361 x", 4).second == "     ^");
  CHECK(shown("e\u0301 x", 4).second == "  ^");
  CHECK(shown("\t\t\"a\"", 3) == std::pair<std::string, std::string>("\"a\"", "^"));
}

TEST_CASE("is a long line cut around the caret") {
  const std::string text = fmt::format("{:a<500}X{:b<500}", "", "");
  const auto [line, caret] = shown(text, 501);
  CHECK(line.size() <= 130);
  CHECK(line.starts_with("...a"));
  CHECK(line.ends_with("b..."));
  CHECK(line.at(caret.size() - 1) == 'X');
  CHECK(shown(std::string(120, 'a'), 1).first == std::string(120, 'a'));
}

TEST_CASE("can a file steer the terminal") {
  Diagnostic diagnostic = fault("\x1B[31m\"a\xFF\"", 1);
  diagnostic.message = "unknown key '\x1B[2J'";
  const std::string text = to_text(diagnostic);
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find('\xFF') == std::string::npos);
}

TEST_CASE("does an input error tell all its faults") {
  const InputError error({fault("a", 1), fault("b", 2)});
  const std::string text = error.what();
  CHECK(text.find("14:1") < text.find("14:2"));
  CHECK(error.diagnostics().size() == 2);
}
