// Reading scenarios: is every fault of a file told at once, at its place, with what to do about it?
#include <catch2/catch.hpp>
#include <filesystem>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::line_of;
using support::replaced;
using support::two_chips;

const Diagnostic* find(const std::vector<Diagnostic>& faults, const std::string& words) {
  for (const Diagnostic& fault : faults)
    if (fault.message.find(words) != std::string::npos) return &fault;
  return nullptr;
}

std::string text_of(const std::vector<Diagnostic>& faults) {
  std::string text;
  for (const Diagnostic& fault : faults) text += to_text(fault) + "\n";
  return text;
}

}  // namespace

TEST_CASE("are the names of a sound scenario looked up?") {
  const Scenario scenario = support::read(two_chips);
  CHECK(scenario.options.size() == 3);
  CHECK(scenario.baseline == 0);
  CHECK(scenario.find("fleet") == 2);
  CHECK(scenario.find("none") == -1);
  const hardware::NodeGroup& a = scenario.options[0].cluster->groups.front();
  CHECK(a.device.id == "h800-sxm5-80gb");
  CHECK(a.node.id == a.device.node);
  CHECK(a.stack.id == a.device.stack);
  CHECK(scenario.options[0].plan->degrees == plan::Degrees{4, 1, 1, 4});
  CHECK(scenario.options[2].phases[1].option == 1);
  CHECK(scenario.job.model.layers == 32);
}

TEST_CASE("are all faults of a scenario told at once, each at its own line?") {
  std::string text = replaced(two_chips, "\"h800-sxm5-80gb\"", "\"h800-sxm5-80g\"");
  text = replaced(text, "\"share\": 0.75", "\"share\": 0.65");
  text = replaced(text, "\"name\": \"B\"", "\"name\": \"A\"");
  text = replaced(text, "5 CNY/h", "5 JPY/h");
  text = replaced(text, "\"llama-3.1-8b\"", "\"llama-3.1-8\"");
  text = replaced(text, "\"baseline\": \"A\"", "\"baseline\": \"fleeet\"");
  const auto faults = support::faults(text);
  INFO(text_of(faults));
  struct Expected {
    const char* message;
    std::string at;
    const char* hint;
  };
  const Expected all[] = {
      {"unknown device 'h800-sxm5-80g'", "h800-sxm5-80g\"", "h800-sxm5-80gb"},
      {"the shares add to 0.9, not to 1", "\"phases\"", ""},
      {"a second option named 'A'", "\"name\": \"A\",\n      \"cluster\": {\"device\": \"a800", "name"},
      {"a price in JPY and an answer in CNY", "5 JPY/h", "exchange_rates"},
      {"unknown model 'llama-3.1-8'", "\"llama-3.1-8\"", "llama-3.1-8b"},
      {"no option named 'fleeet'", "\"fleeet\"", "fleet"}};
  for (const Expected& expected : all) {
    INFO(expected.message);
    const Diagnostic* fault = find(faults, expected.message);
    REQUIRE(fault);
    CHECK(fault->place.line == line_of(text, expected.at));
    CHECK(fault->hint.find(expected.hint) != std::string::npos);
  }
}

TEST_CASE("is a rate in either direction enough for a price in another currency?") {
  const std::string priced = replaced(two_chips, "5 CNY/h", "5 USD/h");
  const std::string place = "\"options\": [";
  for (const char* rate :
       {R"("from": "USD", "to": "CNY", "rate": 7.2)", R"("from": "CNY", "to": "USD", "rate": 0.139)"}) {
    const std::string rates =
        std::string(R"("exchange_rates": [{)") + rate + R"(, "date": "2025-03-01", "source": "test"}], )";
    CHECK(support::faults(replaced(priced, place, rates + place)).empty());
  }
}

TEST_CASE("is an option with both cluster and phases, or with neither, refused?") {
  const std::string none = replaced(
      two_chips, R"("phases": [{"option": "A", "share": 0.25}, {"option": "B", "share": 0.75}])", R"("label": "x")");
  CHECK(find(support::faults(none), "needs one of a cluster, a mix and phases"));
  const std::string both =
      replaced(two_chips, R"("name": "A",)", R"("name": "A", "phases": [{"option": "B", "share": 1}],)");
  CHECK(find(support::faults(both), "needs one of a cluster, a mix and phases"));
}

TEST_CASE("are phases of phases, and of themselves, refused?") {
  const auto faults =
      support::faults(replaced(two_chips, R"({"option": "B", "share")", R"({"option": "fleet", "share")"));
  const Diagnostic* fault = find(faults, "is itself made of phases");
  REQUIRE(fault);
  CHECK(fault->pointer.find("/options/2/phases/1") == 0);
}

TEST_CASE("are a plan that does not divide the ranks, and a plan beside a search, refused?") {
  CHECK(find(support::faults(replaced(two_chips, "\"tensor\": 4", "\"tensor\": 3")),
             "16 ranks cannot be divided into TP 3"));
  const std::string both =
      replaced(two_chips, R"("plan": {"tensor": 8,)", R"("search": {"tensor": 8}, "plan": {"tensor": 8,)");
  CHECK(find(support::faults(both), "either a plan or a search"));
}

TEST_CASE("must devices fill their servers?") {
  CHECK(find(support::faults(replaced(two_chips, "\"devices\": 16", "\"devices\": 12")),
             "12 devices do not fill servers of 8"));
  CHECK(support::faults(replaced(two_chips, "\"devices\": 16", "\"devices\": 4")).empty());  // part of one server
}

TEST_CASE("are an empty list of options and negative counts refused?") {
  const auto begin = two_chips.find("\"options\": [") + 12, end = two_chips.find("],\n  \"baseline\"");
  CHECK_FALSE(support::faults(two_chips.substr(0, begin) + two_chips.substr(end)).empty());
  CHECK_FALSE(support::faults(replaced(two_chips, "\"devices\": 16", "\"devices\": -16")).empty());
  CHECK_FALSE(support::faults(replaced(two_chips, "\"global_batch\": 256", "\"global_batch\": 0")).empty());
}

TEST_CASE("does a changed path change that value alone?") {
  const auto document = io::Document::parse("test.json", two_chips);
  const Scenario changed = support::read(document.with("options.B.cluster.devices", "64"));
  CHECK(changed.options[1].cluster->groups.front().devices == 64);
  CHECK(changed.options[0].cluster->groups.front().devices == 16);
  CHECK(support::read(document).options[1].cluster->groups.front().devices == 32);
  CHECK(support::read(document.with("options.1.rent.value", "7 CNY/h")).options[1].rent()->value.per_base_unit ==
        Approx(7 / seconds_per_hour));
  CHECK_THROWS_AS(document.with("options.C.cluster.devices", "64"), InputError);
}

TEST_CASE("are all scenarios that ship without fault?") {
  int read = 0;
  for (const auto& file : std::filesystem::directory_iterator(CHIPMIX_SOURCE_DIR "/scenarios")) {
    if (file.path().extension() != ".json") continue;
    INFO(file.path());
    CHECK_NOTHROW(support::read(io::Document::load(file.path())));
    ++read;
  }
  CHECK(read >= 3);
}

}  // namespace chipmix::scenario
