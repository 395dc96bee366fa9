// Texts read piece by piece.
#include <catch2/catch.hpp>

#include "base/diagnostic.hpp"
#include "io/element_stream.hpp"
#include "io/text_stream.hpp"

namespace chipmix::io {
namespace {

std::vector<std::string> elements(const std::string& text) {
  ElementStream stream(TextStream("t.json", text), "list", {"head"});
  std::vector<std::string> all;
  while (const TextPart* part = stream.next()) all.push_back(part->text);
  return all;
}

Place place_of_fault(const std::string& text) {
  try {
    elements(text);
  } catch (const InputError& error) {
    return error.diagnostics().front().place;
  }
  return {};
}

}  // namespace

TEST_CASE("Are lines counted, and is a last one without an end told?") {
  LineStream lines(TextStream("t.log", "one\r\n\nthree"));
  auto line = lines.next();
  REQUIRE(line);
  CHECK((line->text == "one" && line->number == 1 && line->is_ended));
  line = lines.next();
  CHECK((line->text.empty() && line->number == 2));
  line = lines.next();
  CHECK((line->text == "three" && line->number == 3 && !line->is_ended));
  CHECK_FALSE(lines.next());
}

TEST_CASE("Does a list give its elements one by one, and an object the members that are asked for?") {
  const std::string text = R"({"other": [1, "]}"], "head": {"a": 1}, "list": [{"x": "a]\"}"}, 2, [3, 4] ], "end": 0})";
  CHECK(elements(text) == std::vector<std::string>{R"({"x": "a]\"}"})", "2", "[3, 4]"});
  ElementStream stream(TextStream("t.json", text), "list", {"head"});
  while (stream.next()) {
  }
  CHECK(stream.members().at("head").text == R"({"a": 1})");
  CHECK(stream.members().size() == 1);
  CHECK(elements(R"({"list": []})").empty());
}

TEST_CASE("Do faults of a list stand where they are?") {
  CHECK(place_of_fault("{\"list\": [1,\n  {\"a\": 2").line == 2);
  CHECK(place_of_fault(R"({"list": [1, , 2]})").column == 14);
  CHECK(place_of_fault("[1]").column == 1);
  CHECK(place_of_fault(R"({"list": [1]} more)").column == 15);
  CHECK(place_of_fault("{\"list\": [" + std::string(200, '[')).column == 111);
  const TextPart part{"{\n 1}", {7, 5}};
  CHECK(diagnostic_in("t", part, 0, "", "").place.column == 5);
  const Diagnostic second = diagnostic_in("t", part, 3, "", "");
  CHECK((second.place.line == 8 && second.place.column == 2));
}

}  // namespace chipmix::io
