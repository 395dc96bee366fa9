// What other programs write: launch scripts and configurations, logs, tables, traces.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "calibration/read_file.hpp"
#include "calibration/text_file.hpp"
#include "calibration/trace_step.hpp"
#include "calibration/training_log.hpp"
#include "interop/chakra_replay.hpp"
#include "interop/interop.hpp"
#include "scenario/price_import.hpp"
#include "target.hpp"

namespace chipmix::fuzz {
namespace {

scenario::Library& library() {
  static scenario::Library one({}, {false, {}});
  return one;
}

void import_as(interop::Framework framework, std::string_view bytes, interop::Asked asked) {
  interop::import_arguments(framework, "fuzz.sh", std::string(bytes), library(), asked);
}

/// A file in memory that holds the bytes, gone with this process.
const std::string& file_of(std::string_view bytes) {
  static const std::string path = "/dev/shm/chipmix-fuzz-" + std::to_string(getpid());
  static const int removed = std::atexit([] { std::remove(path.c_str()); });
  (void)removed;
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace

void launch_script(std::string_view bytes) {
  import_as(interop::Framework::megatron, bytes, {});
  import_as(interop::Framework::mindspeed, bytes, {8, {{"1", "2"}}, false, false});
}

void yaml_config(std::string_view bytes) { import_as(interop::Framework::megatron, bytes, {8, {}, false, true}); }
void toml_config(std::string_view bytes) { import_as(interop::Framework::megatron, bytes, {8, {}, true, false}); }

void deepspeed_config(std::string_view bytes) {
  interop::Asked asked{64, {}, false, false};
  const std::string text = interop::filled("ds.json", std::string(bytes), asked);
  interop::import_deepspeed(io::Document::parse("ds.json", text), asked);
}

void measurements(std::string_view bytes) {
  const calibration::MeasurementFile read = calibration::read_file(file_of(bytes));
  for (std::size_t i = 0; i < read.data.samples.size(); ++i)
    require(!read.fault || !to_text(read.fault(i, "a fault", "")).empty(), "a sample has its place");
}

void training_log(std::string_view bytes) {
  calibration::is_training_log(bytes);
  calibration::find_training_log({"fuzz.log", std::string(bytes)});
}

void collective_log(std::string_view bytes) {
  calibration::is_collective_log(bytes);
  calibration::read_collective_log("fuzz.log", std::string(bytes));
}

void csv_table(std::string_view bytes) { calibration::read_csv("fuzz.csv", std::string(bytes)); }

void price_catalogue(std::string_view bytes) {
  std::vector<std::string> remarks;
  scenario::import_prices("fuzz.csv", std::string(bytes), "fuzz", {"2025-01-01", "somebody", "a test"}, library(),
                          remarks);
}

void kineto_trace(std::string_view bytes) {
  try {
    calibration::read_kineto({"fuzz.json", std::string(bytes)});
  } catch (const InputError&) {
  }
  calibration::parse_trace_step({"fuzz.json", std::string(bytes)});
}

void chakra_trace(std::string_view bytes) {
  const interop::ChakraTrace trace = interop::read_chakra(file_of(bytes), 0);
  const auto again = interop::chakra_from_protobuf(trace.file, interop::chakra_bytes(trace));
  require(again.size() == trace.nodes.size(), "a trace that was written is read the same");
  interop::replayed({trace});
}

}  // namespace chipmix::fuzz
