// Records of published runs as text, for tests.
#pragma once

#include <string>

#include "io/document.hpp"
#include "validation/published_run.hpp"

namespace chipmix::validation {

/// The parts of a record; each is the inside of its JSON object.
struct Record {
  std::string model = R"("name":"GPT 3.6 B","family":"gpt","num_layers":30,"hidden_size":3072,"num_attention_heads":32,
                         "vocab_size":50257,"seq_length":2048)";
  std::string cluster =
      R"("device":"a100-sxm4-80gb","devices":64,"devices_per_node":8,"inter_node":"800 Gb/s per node")";
  std::string plan =
      R"("tp":2,"pp":1,"dp":32,"cp":1,"ep":1,"vpp":1,"micro_batch":8,"global_batch":512,"recompute":"full",
                        "zero_stage":0,"dtype":"fp16","sequence_parallel":false,"flash_attention":false,
                        "stack":"megatron-deepspeed")";
  std::string measured = R"("iteration_s":4.0)";
  std::string tier = "full", id = "run", rest;

  std::string text() const {
    return R"({"id":")" + id + R"(","tier":")" + tier + R"(","source":{"title":"A source","year":2023},"model":{)" +
           model + R"(},"cluster":{)" + cluster + R"(},"plan":{)" + plan + R"(},"measured":{)" + measured + "}" + rest +
           "}";
  }
};

/// Reads a table of one record; the table must be sound.
inline PublishedRun read(const Record& record) {
  const io::Document document = io::Document::parse("runs.json", "[" + record.text() + "]");
  io::Diagnostics diagnostics;
  const RunTable table = read_runs(document.root(diagnostics));
  if (!table.faults.empty()) throw InputError(table.faults);
  return table.runs.at(0);
}

}  // namespace chipmix::validation
