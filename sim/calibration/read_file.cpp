#include "calibration/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/utf8.hpp"
#include "calibration/machine.hpp"
#include "calibration/table_rows.hpp"
#include "calibration/text_file.hpp"
#include "calibration/training_log.hpp"
#include "io/document.hpp"
#include "io/scanner.hpp"
#include "io/text_stream.hpp"

namespace chipmix::calibration {
namespace {

constexpr double faster_than_ideal = 1.2;  // a boost clock above the sheet's explains 1.1
constexpr double slower_than_law = 100;    // less than any unit of time is from the next (1000), more than any kernel
constexpr double long_enough = 2e-5;       // s: below it a launch explains any slowness
constexpr double memory_apart = 0.2;       // share: drivers keep some of the memory, lists round it

/// Names that makers give their CPUs: a profile of one may be called a GPU's by its backend alone.
bool is_of_cpu(const std::string& name) {
  constexpr std::array words = {"Xeon", "EPYC", "Ryzen", "Intel(R) Core", "Kunpeng", "CPU @", "-Core Processor"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return name.find(word) != std::string::npos; });
}

MeasurementFile read_own(const std::string& file, std::string text) {
  const auto document = std::make_shared<io::Document>(io::Document::parse(file, std::move(text)));
  io::Diagnostics diagnostics;
  const io::Value root = document->root(diagnostics);
  auto data = io::read<Measurements>(root);
  if (data && data->device.backend == "cpu")
    root.find("device")->find("backend")->error("measured on a CPU: that says nothing about an accelerator",
                                                "measure on the device itself");
  else if (data && is_of_cpu(data->device.name))
    root.find("device")->find("name")->error("the name of a CPU: that says nothing about an accelerator",
                                             "measure on the device itself");
  diagnostics.throw_if_any();
  MeasurementFile result{file, "measurements", std::move(*data)};
  result.fault = [document](std::size_t sample, std::string message, std::string hint) {
    const std::string pointer = sample == device_memory ? "/device/memory_bytes" : fmt::format("/samples/{}", sample);
    return document->diagnostic(pointer, std::move(message), std::move(hint));
  };
  return result;
}

/// Not the lines of a log that begin with the rank that printed them, "[1,0]<stdout>:".
bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const std::string_view line = text.substr(first, text.find('\n', first) - first);
  return line.find("]<std") == std::string_view::npos;
}

/// Files that hold the data only in name, or in a form that text readers cannot know.
void refuse_others(const std::string& file, std::string_view text) {
  const auto refuse = [&](std::string message, std::string hint) {
    throw InputError(
        {io::diagnostic_at(file, text.substr(0, text.find('\n')), {0, std::move(message), std::move(hint)})});
  };
  if (text.starts_with("version https://git-lfs.github.com/spec"))
    refuse("this is a pointer of Git LFS, not the file itself", "'git lfs pull' in its repository fetches the file");
  if (text.starts_with("PAR1"))
    throw InputError({Diagnostic{file,
                                 {},
                                 "",
                                 "a Parquet file is not read",
                                 "write it as CSV: python3 -c \"import pandas; "
                                 "pandas.read_parquet('in.parquet').to_csv('out.csv', index=False)\"",
                                 "",
                                 1}});
}

/// The machine if nothing stood behind its datasheet.
Machine ideal(const hardware::NodeGroup& group) {
  Machine machine(group);
  hardware::Efficiency& e = machine.rank.efficiency;
  for (auto& [dtype, part] : e.gemm) part.value = 1;
  for (auto* part : {&e.memory, &e.attention_forward, &e.attention_backward, &e.grouped_gemm}) part->value = 1;
  e.attention_half_length.value = 1;
  e.kernel_overhead.value = Seconds(0);
  machine.group.scale_up.efficiency.value = machine.group.scale_out.efficiency.value = 1;
  machine.group.scale_up.latency.value = machine.group.scale_out.latency.value = Seconds(0);
  if (auto& adds = machine.group.scale_up.in_switch) adds->value = 1;
  return machine;
}

/// Inputs that a cache keeps from call to call are read faster than the memory allows: only the matrix units bound
/// them.
bool may_be_cached(const Sample& sample) {
  if (timed(sample).cold_cache) return false;
  const auto* stream = std::get_if<StreamSample>(&sample);
  return !stream || stream->bytes < 512e6;  // byte; twice the largest cache of a device, 256 MB (MI300X)
}

void check_samples(const MeasurementFile& file, const Machine& best, const Machine& usual, io::Diagnostics& faults) {
  Machine at_best = best, cached = best, as_usual = usual;
  cached.rank.memory_bandwidth.value *= 1e6;  // no bound
  for (std::size_t i = 0; i < file.data.samples.size(); ++i) {
    const Sample& sample = file.data.samples[i];
    const auto least = predict(sample, may_be_cached(sample) ? cached : at_best), law = predict(sample, as_usual);
    if (!least) continue;
    if (faults.full()) return;
    const double seconds = seconds_of(timed(sample));
    if (*least > faster_than_ideal * seconds)
      faults.add(file.fault(
          i,
          fmt::format("{:.3g} s is {:.3g} times faster than the peak of {}", seconds, *least / seconds, usual.rank.id),
          "is the unit right, and the device?"));
    else if (*law > long_enough && seconds > slower_than_law * *law)
      faults.add(file.fault(
          i, fmt::format("{:.3g} s is {:.3g} times what {} would take", seconds, seconds / *law, usual.rank.id),
          "are units mixed (us, ms, s)? is it the right device?"));
  }
}

/// A text that readers of lines and of JSON can take. JSON says itself where it is not UTF-8.
std::string checked(const std::filesystem::path& path, std::string text) {
  const auto refuse = [&](std::string message, std::string hint) {
    throw InputError({Diagnostic{path.string(), {}, "", std::move(message), std::move(hint), "", 1}});
  };
  if (text.starts_with("PK\x03\x04")) refuse("the file is an archive", "unzip it first");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) refuse("the file is UTF-16", "save it as UTF-8");
  return is_json(text) ? text : as_utf8(text);
}

constexpr std::size_t largest_table = 64u << 20u;  // bytes; logs of training and traces are read piece by piece
constexpr std::size_t largest_head = 1u << 16u;    // bytes, of larger files

/// The text, or so much of it as is looked at before files that are read piece by piece are opened again.
std::pair<std::string, bool> beginning(const std::filesystem::path& path) {
  std::string text;
  io::TextStream stream(path);
  for (std::string_view piece = stream.next(); !piece.empty(); piece = stream.next()) {
    text += piece;
    if (text.size() <= largest_table) continue;
    text.resize(largest_head);
    text.shrink_to_fit();
    return {std::move(text), false};
  }
  return {std::move(text), true};
}

/// A file too large to be held: a trace, a training log, or nothing that is read.
MeasurementFile read_large(const std::filesystem::path& path, std::string_view begins) {
  if (is_json(begins)) return read_kineto(io::TextStream(path));
  if (find_training_log(io::TextStream(path))) return read_training_log(io::TextStream(path));
  throw FileError(path.string(),
                  "is larger than 64 MiB and neither a training log nor a trace of the profiler, which are read at "
                  "any size");
}

}  // namespace

MeasurementFile read_file(const std::filesystem::path& path, const TableOptions& options) {
  auto [text, is_whole] = beginning(path);
  const std::string file = path.string();
  if (!is_whole) return read_large(path, text);
  text = checked(path, std::move(text));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw InputError({io::diagnostic_at(file, text, {0, "the file is empty", "was the measurement cut short?"})});
  refuse_others(file, text);
  if (is_json(text)) {
    if (text.find("\"traceEvents\"") != std::string::npos) return read_kineto({file, std::move(text)});
    return read_own(file, std::move(text));
  }
  if (is_collective_log(text)) return read_collective_log(file, std::move(text));
  if (is_training_log(text)) return read_training_log({file, std::move(text)});
  if (path.extension() == ".csv" || options.header || is_table(text)) {
    MeasurementFile table = read_csv(file, std::move(text), options);
    table.is_table = true;
    return table;
  }
  throw InputError({io::diagnostic_at(file, text,
                                      {0, "not a file of measurements that chipmix knows",
                                       "measurements (JSON), a Kineto trace, a log of nccl-tests, rccl-tests, "
                                       "hccl_test, rocblas-bench, hipblaslt-bench "
                                       "or Megatron-LM, or a CSV"})});
}

void require_plausible(const std::vector<MeasurementFile>& files, const hardware::NodeGroup& group) {
  io::Diagnostics faults;
  const Machine best = ideal(group), usual(group);
  for (const MeasurementFile& file : files) {
    check_samples(file, best, usual, faults);
    const auto& bytes = file.data.device.memory_bytes;
    const double expected = usual.rank.memory.value.value();
    if (bytes && std::abs(*bytes / expected - 1) > memory_apart)
      faults.add(
          file.fault(device_memory,
                     fmt::format("measured on '{}' with {:.1f} GiB, but {} has {:.1f} GiB", file.data.device.name,
                                 *bytes / 1073741824, usual.rank.id, expected / 1073741824),
                     "name the device that was measured with --device"));
  }
  faults.throw_if_any();
}

Measurements together(const std::vector<MeasurementFile>& files) {
  Measurements all;
  for (const MeasurementFile& file : files) {
    const Measurements& one = file.data;
    if (all.device.name.empty()) all.device = one.device;
    if (all.date.empty()) all.date = one.date;
    if (all.software.empty()) all.software = one.software;
    all.samples.insert(all.samples.end(), one.samples.begin(), one.samples.end());
  }
  return all;
}

}  // namespace chipmix::calibration
