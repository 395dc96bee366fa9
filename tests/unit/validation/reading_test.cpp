// Does a table of published runs read as its authors meant it, and are its faults told with their places?
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
