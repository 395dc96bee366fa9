// Does a document say where its text is wrong, whatever the text?
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "faults.hpp"

using namespace chipmix;

namespace {

Diagnostic only_fault(const std::string& text) {
  const auto faults = syntax_faults_of(text);
  INFO(text.substr(0, 200));
  REQUIRE(faults.size() == 1);
  return faults.front();
}

void check_fault(const std::string& text, int line, int column, const std::string& message) {
  const Diagnostic fault = only_fault(text);
  INFO(to_text(fault));
  CHECK(fault.place.line == line);
  CHECK(fault.place.column == column);
  CHECK(fault.message == message);
}

double seconds_of(const auto& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("which token is wrong, and where") {
  check_fault("{\"a\": 1 \"b\": 2}", 1, 9, "expected ',' or '}' but found \"b\"");
  check_fault("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "expected ',' or '}' but found \"b\"");
  check_fault("{\"a\": 1,}", 1, 9, "expected a key in double quotes but found }");
  check_fault("[1, 2,\n]", 2, 1, "expected a value but found ]");
  check_fault("{\"a\" 1}", 1, 6, "expected ':' after the key but found 1");
  check_fault("[1 2]", 1, 4, "expected ',' or ']' but found 2");
  check_fault("[1}", 1, 3, "expected ',' or ']' but found }");
  check_fault("{} {}", 1, 4, "expected nothing after the end of the value but found {");
  check_fault("{1: 2}", 1, 2, "expected a key in double quotes but found 1");
  check_fault("{\"a\": }", 1, 7, "expected a value but found }");
}

TEST_CASE("which malformed token is it") {
  check_fault("[tru e]", 1, 2, "unexpected 'tru'");
  check_fault("[NaN]", 1, 2, "unexpected 'NaN'");
  check_fault("['a']", 1, 2, "unexpected '''");
  check_fault("[01]", 1, 2, "a number does not begin with 0");
  check_fault("[-]", 1, 2, "'-' is not a number");
  check_fault("[1.]", 1, 2, "'1.' is not a number");
  check_fault("[80GiB]", 1, 2, "'80G...' is not a number");
  check_fault("[1e999]", 1, 2, "the number 1e999 is too large");
  check_fault("[\"\\x\"]", 1, 3, "an unknown escape in text");
  check_fault("[\"\\ud800\"]", 1, 3, "half of a surrogate pair");
  check_fault("[\"\\u12g4\"]", 1, 3, "\\u takes four hexadecimal digits");
  check_fault("[\"a\tb\"]", 1, 4, "a control character inside text");
  check_fault("[\"abc\n\"]", 1, 2, "the text that begins here has no closing quote on its line");
  check_fault(std::string("[1\0]", 4), 1, 3, "unexpected '\\u0000'");
  check_fault("// no comments\n{}", 1, 1, "unexpected '/'");
}

TEST_CASE("which mistakes are explained") {
  CHECK(only_fault("{\"a\": 1 \"b\": 2}").hint == "a comma may be missing before it");
  CHECK(only_fault("[1,]").hint == "remove the comma before it");
  CHECK(only_fault("{\"a\": 1,}").hint == "remove the comma before it");
  CHECK(only_fault("['a']").hint == "text needs double quotes");
  CHECK(only_fault("[True]").hint == "write true");
  CHECK(only_fault("[None]").hint == "write null");
  CHECK(only_fault("[1 // x\n]").hint.find("no comments") != std::string::npos);
  CHECK(only_fault("[80GiB]").hint.find("double quotes") != std::string::npos);
  CHECK(only_fault("{\n\"a\": [1}").hint == "the list that began in line 2 is still open");
}

TEST_CASE("what is missing at the end of a truncated file") {
  check_fault("{\n  \"a\": [1, 2],\n  \"b\": ", 3, 7, "the file ends inside an object that began at line 1");
  check_fault("{\n  \"a\": [1, 2\n\n", 2, 13, "the file ends inside a list that began at line 2");
  check_fault("{\"a\": tr", 1, 9, "the file ends inside an object that began at line 1");
  check_fault("{\"a\": 12.", 1, 10, "the file ends inside an object that began at line 1");
  check_fault("{\"a\": \"b", 1, 9, "the file ends inside an object that began at line 1");
  CHECK(only_fault("{\"a\":\n \"b").hint == "the text that begins in line 2 has no closing quote");
  check_fault("\"abc", 1, 5, "the file ends inside a value");
}

TEST_CASE("is an empty file an error with a place") {
  check_fault("", 1, 1, "the file is empty");
  check_fault(" \n\t\n", 1, 1, "the file is empty");
}

TEST_CASE("are all duplicate keys found, each at its second place") {
  const auto faults =
      syntax_faults_of("{\n  \"a\": 1,\n  \"b\": {\"c\": 1, \"\\u0063\": 2},\n  \"a\": 3,\n  \"a\": 4\n}");
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].message == "duplicate key 'c'");
  CHECK(faults[0].place.line == 3);
  CHECK(faults[0].place.column == 17);
  CHECK(faults[1].message == "duplicate key 'a'");
  CHECK(faults[1].place.line == 4);
  CHECK(faults[1].hint == "it is first given in line 2; remove one of them");
  CHECK(faults[2].place.line == 5);
  CHECK(syntax_faults_of("[{\"a\": 1}, {\"a\": 1}]").empty());
}

TEST_CASE("is nesting limited, at 100 exactly") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(syntax_faults_of(nested(100)).empty());
  check_fault(nested(101), 1, 101, "brackets are nested deeper than 100");
}

TEST_CASE("are hostile files refused quickly") {
  std::string keys = "{", faulty = "[", wide = "{";
  for (int i = 0; i < 1'000'000; ++i) keys += "\"k\":1,", wide += fmt::format("\"{}\":1,", i);
  keys.back() = '}', wide.back() = '}';
  CHECK(seconds_of([&] { check_fault(std::string(10'000'000, '['), 1, 101, "brackets are nested deeper than 100"); }) <
        1);
  CHECK(seconds_of([&] { only_fault(std::string(10'000'000, '"')); }) < 1);
  CHECK(seconds_of([&] { CHECK(syntax_faults_of(keys).size() == 100); }) < 3);
  CHECK(seconds_of([&] { CHECK(only_fault(wide).message == "an object with more than 4096 keys"); }) < 1);
}

TEST_CASE("does a place count characters, not bytes") {
  check_fault("{\"\u663E\u5361\": \u2713}", 1, 8, "unexpected '\u2713'");
  check_fault("{\"a\": 1,\r\n \"b\" 2}", 2, 6, "expected ':' after the key but found 2");
}

TEST_CASE("are bytes that are not UTF-8 refused with their place") {
  check_fault("{\"a\": \"\xE9\"}", 1, 8, "a byte that is not UTF-8");
  check_fault("{\"a\": \"\xED\xA0\x80\"}", 1, 8, "a byte that is not UTF-8");
  CHECK(only_fault(std::string("\xFF\xFE{\0}\0", 6)).hint == "the file looks like UTF-16; save it as UTF-8");
}

TEST_CASE("is a byte order mark skipped, and not counted") {
  CHECK(syntax_faults_of("\xEF\xBB\xBF{\"a\": 1}").empty());
  check_fault("\xEF\xBB\xBF{\"a\" 1}", 1, 6, "expected ':' after the key but found 1");
}

TEST_CASE("where do values and keys stand") {
  const auto document = io::Document::parse("f", "{\n  \"a\": {\"x/y\": [10, {\"~\": 7}]},\n  \"b\":\n    3\n}");
  const auto place = [&](const char* pointer, bool key) {
    const Place found = document.place_of(pointer, key);
    return std::pair(found.line, found.column);
  };
  CHECK(place("", false) == std::pair(1, 1));
  CHECK(place("/a", true) == std::pair(2, 3));
  CHECK(place("/a", false) == std::pair(2, 8));
  CHECK(place("/a/x~1y/0", false) == std::pair(2, 17));
  CHECK(place("/a/x~1y/1/~0", false) == std::pair(2, 27));
  CHECK(place("/a/x~1y/1/~0", true) == std::pair(2, 22));
  CHECK(place("/b", false) == std::pair(4, 5));
  CHECK(place("/nowhere", false) == std::pair(0, 0));
  CHECK(place("/a/x~1y/2", false) == std::pair(0, 0));
}

TEST_CASE("does a file that cannot be read say why") {
  CHECK_THROWS_WITH(io::Document::load("/nonexistent/x.json"), Catch::Contains("No such file"));
  CHECK_THROWS_WITH(io::Document::load(CHIPMIX_SOURCE_DIR), Catch::Contains("is a folder"));
  if (std::filesystem::exists("/dev/zero"))
    CHECK_THROWS_WITH(io::Document::load("/dev/zero"), Catch::Contains("larger than 64 MiB"));
}
