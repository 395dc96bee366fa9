// Does a table of published runs read as its authors meant it, and are its faults told with their places?
#include <algorithm>
#include <catch2/catch.hpp>

#include "records.hpp"

using namespace chipmix;
using namespace chipmix::validation;

TEST_CASE("a record's figures are read, and null members are passed over") {
  Record record;
  record.model += R"(,"num_key_value_heads":null,"moe":{"num_experts":8,"top_k":2,"expert_intermediate_size":1024})";
  record.rest = R"(,"peer_prediction":[{"tool":"other","iteration_s":3.5},{"tool":"silent","iteration_s":null}])";
  const PublishedRun run = read(record);
  CHECK(run.id == "run");
  CHECK(run.is_timed());
  CHECK(*run.model.layers == 30);
  CHECK_FALSE(run.model.kv_heads);
  CHECK(*run.model.moe->experts == 8);
  CHECK(*run.plan.tensor == 2);
  CHECK(*run.measured.iteration_s == 4.0);
  REQUIRE(run.peers.size() == 1);
  CHECK(run.peers[0].tool == "other");
}

TEST_CASE("every fault of a table is told at its line") {
  const io::Document document = io::Document::parse("runs.json",
                                                    "[\n{\"id\":\"a\",\"model\":{\"num_layers\":\"thirty\"},\n"
                                                    "\"cluster\":{},\"plan\":{\"tp\":-1}},\n"
                                                    "{\"id\":\"b\",\"model\":{},\"plan\":{}},\n"
                                                    "{\"id\":\"a\",\"model\":{},\"cluster\":{},\"plan\":{}},\n7]");
  io::Diagnostics diagnostics;
  const std::vector<Diagnostic> faults = read_runs(document.root(diagnostics)).faults;
  REQUIRE(faults.size() == 5);
  CHECK(faults[0].place.line == 2);
  CHECK(faults[1].message.find("between 0") != std::string::npos);
  CHECK(faults[2].message == "a run needs 'cluster'");
  CHECK(faults[3].message == "a second run with the id 'a'");
  CHECK(faults[4].place.line == 6);
}

TEST_CASE("a table that is no list is a fault") {
  const io::Document document = io::Document::parse("runs.json", "{}");
  io::Diagnostics diagnostics;
  const RunTable table = read_runs(document.root(diagnostics));
  CHECK(table.runs.empty());
  CHECK(table.faults.size() == 1);
}

namespace {

RunTable table_of(const std::string& records) {
  const io::Document document = io::Document::parse("runs.json", "[\n" + records + "\n]");
  io::Diagnostics diagnostics;
  return read_runs(document.root(diagnostics));
}

Record named(const std::string& id) {
  Record record;
  record.id = id;
  return record;
}

}  // namespace

TEST_CASE("a misspelt member is reported with what was meant, and its row is read all the same") {
  Record record = named("a");
  record.plan.replace(record.plan.find("\"tp\""), 4, "\"recompute_layer\":3,\"tp\"");
  record.model += R"(,"num_layer":31)";
  record.rest = R"(,"note":"for people")";
  const RunTable table = table_of(record.text() + ",\n" + named("b").text());
  CHECK(table.faults.empty());
  REQUIRE(table.runs.size() == 2);
  CHECK(table.runs[0].faults.empty());
  CHECK(*table.runs[0].model.layers == 30);
  CHECK(*table.runs[0].plan.tensor == 2);
  REQUIRE(table.unknown.size() == 3);
  const auto told = [&](const std::string& member, const std::string& meant) {
    return std::any_of(table.unknown.begin(), table.unknown.end(), [&](const Diagnostic& one) {
      return one.message == "'" + member + "' is not a field of a run and is ignored" &&
             one.hint == "did you mean '" + meant + "'?";
    });
  };
  CHECK(told("recompute_layer", "recompute_layers"));
  CHECK(told("num_layer", "num_layers"));
  CHECK(told("note", "notes"));
  for (const Diagnostic& one : table.unknown) CHECK((one.place.line >= 2 && one.place.line <= 5));  // of the first row
}

TEST_CASE("a value of the wrong kind is the fault of its row; the others are read") {
  for (const char* wrong : {R"("tp":"two")", R"("tp":2.5)", R"("tp":-1)", R"("tp":[2])", R"("tp":true)"}) {
    Record record = named("a");
    record.plan.replace(record.plan.find("\"tp\":2"), 6, wrong);
    const RunTable table = table_of(record.text() + ",\n" + named("b").text());
    INFO(wrong);
    REQUIRE(table.runs.size() == 2);
    CHECK(table.faults.size() == 1);
    CHECK(table.unknown.empty());
    REQUIRE(table.runs[0].faults.size() == 1);
    CHECK(table.runs[0].faults[0].rfind("runs.json:", 0) == 0);
    CHECK(table.runs[1].faults.empty());
    CHECK(*table.runs[1].plan.tensor == 2);
  }
}

TEST_CASE("words where a list stands, numbers where a word stands, and lists of the wrong things are faults") {
  for (const char* wrong :
       {R"(,"layers_per_stage":"even")", R"(,"layers_per_stage":[1,"two"])", R"(,"recompute_modules":"moe_act")",
        R"(,"dispatcher":7)", R"(,"pad_to_capacity":"yes")", R"(,"optimizer":"adam")"}) {
    Record record = named("a");
    record.plan += wrong;
    const RunTable table = table_of(record.text());
    INFO(wrong);
    CHECK(table.faults.size() == 1);
    CHECK(table.runs.at(0).faults.size() == 1);
  }
}

// Of members that are read more than once or part by part.
TEST_CASE("elements of the wrong kind are faults in every list, and a default is listed once") {
  for (const char* wrong :
       {R"(,"stages":[3])", R"(,"stages":[{"layers":15,"replicas":["a100"]}])", R"(,"layers_per_chunk":[[8,-8]])"}) {
    Record record = named("a");
    record.plan += wrong;
    INFO(wrong);
    CHECK(table_of(record.text()).faults.size() == 1);
  }
  for (const char* key : {"activation_offload", "recompute_share"}) {
    Record record = named("a");
    record.rest = std::string(R"(,"defaults":{")") + key + R"(":{"value":0.5,"source":"arguments.py"}})";
    CHECK(table_of(record.text()).runs.at(0).by_default == std::vector<std::string>{key});
  }
}

TEST_CASE("what a release does by default stands in for what its plan does not say, and is listed") {
  Record record = named("a");
  record.plan.replace(record.plan.find("\"vpp\":1"), 7, "\"vpp\":null");
  record.rest = R"(,"defaults":{"dispatcher":{"value":"allgather","source":"arguments.py"},
      "tp":{"value":8,"source":"arguments.py"},"dropout":{"value":0.1,"source":"arguments.py"},
      "vpp":{"value":null,"source":"arguments.py"}})";
  const RunTable table = table_of(record.text());
  CHECK(table.faults.empty());
  const PublishedRun& run = table.runs.at(0);
  CHECK(run.plan.dispatcher == "allgather");
  CHECK(*run.plan.dropout == Approx(0.1));
  CHECK(*run.plan.tensor == 2);  // the plan says so
  CHECK(run.by_default == std::vector<std::string>{"dispatcher", "dropout"});
}

TEST_CASE("defaults of another kind do not stop a table") {
  for (const char* defaults : {"3", "[]", R"({"dispatcher":"allgather"})", R"({"dispatcher":{}})"}) {
    Record record = named("a");
    record.rest = std::string(R"(,"defaults":)") + defaults;
    const RunTable table = table_of(record.text());
    INFO(defaults);
    REQUIRE(table.runs.size() == 1);
    CHECK(table.runs[0].plan.dispatcher.empty());
    CHECK(table.runs[0].by_default.empty());
  }
}
