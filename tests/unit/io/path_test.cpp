// Does replacing a value by path reach the right value, and say what is near when there is none?
#include <catch2/catch.hpp>

#include "faults.hpp"

using namespace chipmix;

namespace {

const std::string scenario = R"({
  "job": {"tokens": "1T", "learning.rate": 1},
  "options": [
    {"name": "H800", "devices": 2048},
    {"name": "Ascend 910B v1.5", "devices": 4096},
    {"name": "0", "devices": 1}
  ]
})";

/// The value at a pointer after path=value was set.
std::string after(const std::string& path, const std::string& value, const std::string& pointer) {
  const auto changed = io::Document::parse("s.json", scenario).with(path, value);
  io::Diagnostics diagnostics;
  std::optional<io::Value> here = changed.root(diagnostics);
  std::string step;
  for (const char c : pointer.substr(1) + "/") {
    if (c != '/') {
      step += c;
      continue;
    }
    here = here->is_list() ? here->as_list().at(std::stoul(step)) : here->find(step).value();
    step.clear();
  }
  return here->to_json();
}

Diagnostic refusal(const std::string& path) {
  try {
    io::Document::parse("s.json", scenario).with(path, "1");
  } catch (const InputError& error) {
    return error.diagnostics().at(0);
  }
  FAIL("accepted: " << path);
  return {};
}

}  // namespace

TEST_CASE("which values can a path reach") {
  CHECK(after("job.tokens", "2T", "/job/tokens") == "\"2T\"");
  CHECK(after("options.1.devices", "8", "/options/1/devices") == "8");
  CHECK(after("options.H800.devices", "8", "/options/0/devices") == "8");
  CHECK(after("options.Ascend 910B v1.5.devices", "8", "/options/1/devices") == "8");
  CHECK(after("options.0.devices", "8", "/options/2/devices") == "8");  // a name comes before an index
  CHECK(after("/options/1/devices", "8", "/options/1/devices") == "8");
  CHECK(after("job.learning.rate", "2", "/job/learning.rate") == "2");
  CHECK(after("options.1", "{\"name\": \"X\"}", "/options/1/name") == "\"X\"");
}

TEST_CASE("is a value JSON if it can be, and text otherwise") {
  CHECK(after("job.tokens", "[1, 2]", "/job/tokens") == "[1,2]");
  CHECK(after("job.tokens", "null", "/job/tokens") == "null");
  CHECK(after("job.tokens", "80 GiB", "/job/tokens") == "\"80 GiB\"");
  CHECK(after("job.tokens", "\"8\"", "/job/tokens") == "\"8\"");
  CHECK(after("job.tokens", "{\"a\":1,\"a\":2}", "/job/tokens") == "\"{\\\"a\\\":1,\\\"a\\\":2}\"");
  CHECK(after("job.tokens", "1e999", "/job/tokens") == "\"1e999\"");
  CHECK(after("job.tokens", "\xFF", "/job/tokens") == "\"\uFFFD\"");
}

TEST_CASE("is a missing last key added, so that the reader can judge it") {
  CHECK(after("job.batch", "7", "/job/batch") == "7");
}

TEST_CASE("what is said when a path leads nowhere") {
  CHECK(refusal("optoins.0.devices").message == "there is no 'optoins' in the file");
  CHECK(refusal("optoins.0.devices").hint == "did you mean 'options'?");
  CHECK(refusal("options.H80.devices").hint == "did you mean 'H800'?");
  CHECK(refusal("options.H80.devices").place.line == 3);
  CHECK(refusal("options.7.devices").message == "'options' has 3 elements, so none at index 7");
  CHECK(refusal("options.7").message == "'options' has 3 elements, so none at index 7");
  CHECK(refusal("job.tokens.x").message == "'job/tokens' is neither an object nor a list, so there is no 'x' in it");
  CHECK(refusal("").message == "the path is empty");
  CHECK(refusal("job..tokens").message == "the path has an empty step");
}

TEST_CASE("is too deep a value refused") {
  const auto document = io::Document::parse("s.json", scenario);
  CHECK_THROWS_AS(document.with("job.tokens", std::string(99, '[') + std::string(99, ']')), InputError);
}

TEST_CASE("does a changed document keep its name and say what was set") {
  const auto changed = io::Document::parse("dir/s.json", scenario).with("job.tokens", "3");
  CHECK(changed.file() == "dir/s.json");
  const Diagnostic fault = changed.diagnostic("/job/tokens", "wrong", "");
  CHECK(fault.file == "dir/s.json with --set job.tokens");
  CHECK(fault.source_line == "    \"tokens\": 3,");
}
