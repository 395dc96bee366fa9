// Can a damaged file do anything but parse or be refused with a place inside it?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "faults.hpp"

using namespace chipmix;

namespace {

const std::string seed_text = R"({
  "name": "H800 or 昇腾 910B",
  "job": {"model": "llama-70b", "tokens": "1T", "sequence_length": 4096, "rate": 1.5e-4, "fp8": false},
  "options": [
    {"name": "A", "devices": [{"device": "h800", "count": 2048, "rent": "27.5 CNY/h"}], "note": null},
    {"name": "B\u00e9\ud83d\ude00", "devices": [{"device": "910b", "count": 0, "rent": "15 CNY/h"}],
     "plan": {"tensor": 8}}
  ],
  "limits": {"days": -90, "budget": "6,350,000 CNY", "empty": {}, "none": []}
}
)";

/// Damages a text in one to four places: bytes changed, inserted, removed, repeated, moved, or the end cut off.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (std::size_t times = 1 + below(4); times > 0; --times) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string token() {
    static const std::vector<std::string> tokens = {"{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    ",",
                                                    ":",
                                                    "\"",
                                                    "\\",
                                                    "\n",
                                                    "\r\n",
                                                    " ",
                                                    "null",
                                                    "true",
                                                    "-",
                                                    "0",
                                                    "1e999",
                                                    "1e-999",
                                                    "0.5",
                                                    "99999999999999999999",
                                                    "\"a\":",
                                                    "\"name\": 1,",
                                                    "\\u0000",
                                                    "\\ud800",
                                                    "\xFF",
                                                    "\xE6\x98",
                                                    "\xEF\xBB\xBF",
                                                    std::string(1, '\0'),
                                                    "/",
                                                    "'",
                                                    "NaN",
                                                    "\t",
                                                    "[[[["};
    return tokens[below(tokens.size())];
  }

  void damage(std::string& text) {
    if (text.empty()) text = token();
    const std::size_t at = below(text.size());
    const std::size_t length = 1 + below(12);
    switch (below(6)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.insert(at, token());
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(below(text.size()), std::string(text.substr(at, length)));
        break;
      case 4:
        text.replace(at, std::min(length, text.size() - at), token());
        break;
      default:
        text.resize(at);
        break;
    }
  }

  std::mt19937 random_;
};

/// Whether a place lies in the text, or just behind the end of one of its lines.
bool lies_inside(Place place, std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::size_t begin = 0;
  for (int line = 1; line < place.line; ++line) {
    begin = text.find('\n', begin) + 1;
    if (begin == 0) return false;
  }
  const std::size_t length = std::min(text.find('\n', begin), text.size()) - begin;
  return place.line >= 1 && place.column >= 1 && static_cast<std::size_t>(place.column) <= length + 1;
}

/// "" if the text was parsed or refused as it should be.
std::string misbehaviour(const std::string& text) {
  try {
    const auto document = io::Document::parse("fuzz.json", text);
    return nlohmann::json::accept(document.text()) ? "" : "accepted what is not JSON";
  } catch (const InputError& error) {
    for (const Diagnostic& fault : error.diagnostics())
      if (!lies_inside(fault.place, text)) return "a place outside the text: " + to_text(fault);
    return error.diagnostics().empty() ? "an error without a fault" : "";
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
}

/// Whether the text is JSON without what only we refuse: duplicates, depth, breadth.
bool is_plain_json(const std::string& text) {
  if (!nlohmann::json::accept(text) || text.find('\0') != std::string::npos) return false;
  const auto faults = syntax_faults_of(text);
  return std::none_of(faults.begin(), faults.end(), [](const Diagnostic& fault) {
    return fault.message.starts_with("duplicate") || fault.message.starts_with("brackets are nested");
  });
}

}  // namespace

TEST_CASE("does a damaged file parse or get refused with a place inside it") {
  Mutator mutate(20240607);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutate(seed_text);
    const std::string fault = misbehaviour(text);
    INFO("mutation " << i << ":\n" << text);
    REQUIRE(fault == "");
    if (is_plain_json(text)) {
      ++accepted;
      REQUIRE(syntax_faults_of(text).empty());
    }
  }
  CHECK(accepted > 1'000);  // or the mutations are too wild to try the values
}

TEST_CASE("is a file cut at any byte refused with a place inside it") {
  const std::size_t end = seed_text.rfind('}');
  for (std::size_t length = 0; length <= end; ++length) {
    const std::string text = seed_text.substr(0, length);
    INFO(length);
    REQUIRE(misbehaviour(text) == "");
    REQUIRE(syntax_faults_of(text).size() == 1);
  }
}

TEST_CASE("is damaged quantity text a number or a message, never more") {
  Mutator mutate(7);
  int accepted = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = mutate("6,350.5e3 GiB");
    const auto size = io::parse_quantity<Bytes>(text);
    INFO(text);
    REQUIRE(size.value.has_value() == size.message.empty());
    REQUIRE((!size.value || std::isfinite(size.value->value())));
    REQUIRE_FALSE(io::parse_quantity<Rent>(text).value.has_value());
    REQUIRE(size.message.size() < 200);
    accepted += size.value.has_value();
  }
  CHECK(accepted > 50);
}

TEST_CASE("does the seed itself parse") { CHECK(syntax_faults_of(seed_text).empty()); }
