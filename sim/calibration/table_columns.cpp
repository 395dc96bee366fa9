#include "calibration/table_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "base/lower_case.hpp"
#include "base/spelling.hpp"

namespace chipmix::calibration {
namespace {

using Unit = std::pair<std::string_view, double>;

// The longer of two that end alike comes first.
constexpr std::array<Unit, 11> time_units = {{{"seconds", 1},
                                              {"usec", 1e-6},
                                              {"msec", 1e-3},
                                              {"nsec", 1e-9},
                                              {"sec", 1},
                                              {"\xC2\xB5s", 1e-6},
                                              {"us", 1e-6},
                                              {"ms", 1e-3},
                                              {"ns", 1e-9},
                                              {"s", 1},
                                              {"", 0}}};
constexpr std::array<Unit, 6> rate_units = {
    {{"tflops", 1e12}, {"gflops", 1e9}, {"tflop/s", 1e12}, {"gflop/s", 1e9}, {"tflops/s", 1e12}, {"gflops/s", 1e9}}};

constexpr std::array<std::string_view, 9> time_words = {"time",      "latency",     "duration", "elapsed", "avg_time",
                                                        "mean_time", "median_time", "mean",     "median"};

/// Columns of rocblas-bench, hipblaslt-bench and cublas benches that say nothing of a product's time.
constexpr std::array<std::string_view, 44> bench_columns = {"transa",
                                                            "transb",
                                                            "alpha",
                                                            "lda",
                                                            "stride_a",
                                                            "beta",
                                                            "ldb",
                                                            "stride_b",
                                                            "ldc",
                                                            "stride_c",
                                                            "ldd",
                                                            "stride_d",
                                                            "b_type",
                                                            "c_type",
                                                            "d_type",
                                                            "compute_type",
                                                            "scalea",
                                                            "scaleb",
                                                            "scalec",
                                                            "scaled",
                                                            "amaxd",
                                                            "swizzle_a",
                                                            "swizzle_b",
                                                            "aux_type",
                                                            "bias_type",
                                                            "activation_type",
                                                            "bias_vector",
                                                            "rotating_buffer",
                                                            "flush",
                                                            "cold_iters",
                                                            "hot_iters",
                                                            "cpu-us",
                                                            "use_gpu_timer",
                                                            "cpu-gflops",
                                                            "norm_error",
                                                            "hipblaslt-gb/s",
                                                            "atol",
                                                            "rtol",
                                                            "solution_index",
                                                            "solution_name",
                                                            "kernel_name",
                                                            "gcnarchname",
                                                            "cus",
                                                            "index"};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "time (us)", "time[us]" and "time_us" alike: the words and the unit.
std::string plain(std::string_view name) {
  std::string out;
  for (char c : lower_case(name)) {
    if (c == ')' || c == ']' || (c == ' ' && (out.empty() || out.back() == '_'))) continue;
    const bool gap = c == '(' || c == '[' || c == ' ' || c == '-';
    if (!gap) out += c;
    if (gap && !out.empty() && out.back() != '_') out += '_';
  }
  return out;
}

/// "time", "rocblas_time": the last word says that it is a time; one of the CPU is not meant.
bool says_time(std::string_view name) {
  if (name.find("cpu") != std::string_view::npos) return false;
  return std::any_of(time_words.begin(), time_words.end(),
                     [&](std::string_view word) { return name == word || name.ends_with("_" + std::string(word)); });
}

/// A column of times: with its unit, or with 0 where the name has none.
std::optional<double> time_column(const std::string& name) {
  for (const auto& [unit, seconds] : time_units) {
    if (unit != "s" && !unit.empty() && name == unit) return seconds;
    const std::string ending = unit.empty() ? "" : "_" + std::string(unit);
    if (name.ends_with(ending) && says_time(std::string_view(name).substr(0, name.size() - ending.size())))
      return seconds;
  }
  return std::nullopt;
}

std::optional<double> rate_column(const std::string& name) {
  for (const auto& [unit, rate] : rate_units)
    if (name == unit || name.ends_with("_" + std::string(unit))) return rate;
  return std::nullopt;
}

/// By the user's word, for any column.
std::optional<Column> as_named(const std::string& name, const std::string& meaning) {
  if (meaning == "ignore") return Column{name, "", 0};
  if (meaning == "rate" || meaning == "time") return Column{name, meaning, 0};
  if (const auto unit = time_column(meaning)) return Column{name, "time", *unit};
  if (const auto unit = rate_column(meaning)) return Column{name, "rate", *unit};
  if (holds(column_names(), meaning)) return Column{name, meaning, 0};
  return std::nullopt;
}

/// NVIDIA aiconfigurator's performance tables (github.com/ai-dynamo/aiconfigurator, collector/): latencies in ms;
/// message sizes in elements of nccl_dtype.
std::optional<Column> of_aiconfigurator(const std::string& name) {
  static const std::map<std::string, std::string> meanings = {{"gemm_dtype", "dtype"},
                                                              {"nccl_dtype", "dtype"},
                                                              {"op_name", "op"},
                                                              {"num_gpus", "ranks"},
                                                              {"message_size", "elements"}};
  if (name == "latency") return Column{name, "time", 1e-3};
  if (const auto found = meanings.find(name); found != meanings.end()) return Column{name, found->second, 0};
  if (holds(std::array{"framework", "version", "device", "kernel_source", "power", "power_limit"}, name))
    return Column{name, "", 0};
  return std::nullopt;
}

std::optional<Column> of_bench(const std::string& name) {
  if (name == "a_type") return Column{name, "dtype", 0};
  if (name == "batch_count") return Column{name, "batch", 0};
  if (name == "grouped_gemm") return Column{name, "grouped", 0};
  if (holds(bench_columns, name) || name.ends_with("-gb/s") || name.starts_with("cpu-")) return Column{name, "", 0};
  return std::nullopt;
}

Publisher publisher_of(const std::vector<Field>& names) {
  std::vector<std::string> all;
  for (const Field& field : names) all.push_back(lower_case(field.text));
  const auto is_bench = [](const std::string& name) {
    return name.ends_with("-gflops") && (name.starts_with("hipblas") || name.starts_with("rocblas"));
  };
  if (std::any_of(all.begin(), all.end(), is_bench)) return Publisher::blas_bench;
  if (holds(all, "framework") && holds(all, "kernel_source") && holds(all, "latency")) return Publisher::aiconfigurator;
  return Publisher::none;
}

std::optional<Column> column_of(const std::string& name, Publisher publisher, const TableOptions& options) {
  for (const auto& [theirs, ours] : options.columns)
    if (theirs == name) return as_named(name, ours);
  if (publisher == Publisher::aiconfigurator)
    if (const auto found = of_aiconfigurator(lower_case(name))) return found;
  if (publisher == Publisher::blas_bench)
    if (const auto found = of_bench(lower_case(name))) return found;
  const std::string own = plain(name);
  if (const auto unit = time_column(own)) return Column{name, "time", *unit};
  if (const auto unit = rate_column(own)) return Column{name, "rate", *unit};
  if (own == "rate") return Column{name, own, 0};
  if (own == "batch_size") return Column{name, "batch", 0};
  if (holds(column_names(), own)) return Column{name, own, 0};
  return std::nullopt;
}

std::optional<Quantity> quantity(std::string_view cell, bool (*is_unit)(std::string_view, double&)) {
  const std::size_t letter = cell.find_first_not_of("0123456789.+-eE");
  if (letter == std::string_view::npos) return std::nullopt;
  std::string_view figure = cell.substr(0, letter), unit = cell.substr(letter);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  Quantity found;
  const auto value = number(figure);
  if (!value || !is_unit(unit, found.unit)) return std::nullopt;
  found.value = *value;
  return found;
}

template <class List>
bool unit_in(const List& list, std::string_view text, double& unit) {
  const std::string word = lower_case(text);
  for (const auto& [spelt, size] : list)
    if (!spelt.empty() && word == spelt) return unit = size, true;
  return false;
}

}  // namespace

const std::vector<std::string>& column_names() {
  static const std::vector<std::string> all = {
      "kind",     "shape",    "m",       "n",         "k",       "batch",   "groups",     "rows_per_group", "heads",
      "kv_heads", "sequence", "keys",    "head_size", "bytes",   "kernels", "ranks",      "ranks_per_node", "dtype",
      "op",       "pass",     "causal",  "series",    "note",    "clock",   "cold_cache", "cast_bytes",     "elements",
      "seconds",  "time_s",   "time_ms", "time_us",   "time_ns", "tflops",  "gflops"};
  return all;
}

std::optional<Quantity> time_in(std::string_view cell) {
  return quantity(cell, [](std::string_view text, double& unit) { return unit_in(time_units, text, unit); });
}
std::optional<Quantity> rate_in(std::string_view cell) {
  return quantity(cell, [](std::string_view text, double& unit) { return unit_in(rate_units, text, unit); });
}

std::optional<Dtype> dtype_in_words(std::string_view words) {
  static const std::map<std::string, Dtype> known = {
      {"bfloat16", Dtype::bf16},       {"bf16_r", Dtype::bf16},  {"float16", Dtype::fp16},
      {"half", Dtype::fp16},           {"f16_r", Dtype::fp16},   {"float32", Dtype::fp32},
      {"float", Dtype::fp32},          {"f32_r", Dtype::fp32},   {"xf32_r", Dtype::tf32},
      {"fp8e4m3", Dtype::fp8},         {"fp8_e4m3", Dtype::fp8}, {"float8_e4m3fn", Dtype::fp8},
      {"float8_e4m3fnuz", Dtype::fp8}, {"f8_r", Dtype::fp8},     {"f8_fnuz_r", Dtype::fp8},
      {"fp8_block", Dtype::fp8},       {"i8_r", Dtype::int8}};
  const std::string word = lower_case(words);
  if (const auto own = dtype_named(word)) return own;
  const auto found = known.find(word);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

Header read_header(const std::vector<Field>& names, const TableOptions& options, TextFile& text) {
  Header header{{}, publisher_of(names)};
  int times = 0;
  for (const Field& field : names) {
    const std::string name(field.text);
    const auto found = column_of(name, header.publisher, options);
    if (!found) {
      const std::string near = spelling_hint(plain(name), column_names());
      text.fault(field.offset, fmt::format("unknown column '{}'", name),
                 fmt::format("{}{}--column \"{}=ignore\" leaves it out, \"{}=NAME\" says what it is", near,
                             near.empty() ? "" : "; ", name, name));
    }
    const auto is_same = [&](const Column& column) { return found && column.meaning == found->meaning; };
    if (found && !found->meaning.empty() && found->meaning != "time" &&
        std::any_of(header.columns.begin(), header.columns.end(), is_same))
      text.fault(field.offset, fmt::format("a second column of '{}'", found->meaning),
                 fmt::format("--column \"{}=ignore\" leaves one out", name));
    header.columns.push_back(found.value_or(Column{name, "", 0}));
    if (header.columns.back().meaning == "time" && ++times == 2)
      text.fault(field.offset, "two columns of times: units are mixed", "keep one of them");
  }
  const auto is_rate = [](const Column& column) { return column.meaning == "rate"; };
  if (times == 0 && std::none_of(header.columns.begin(), header.columns.end(), is_rate))
    text.fault(names.empty() ? 0 : names.front().offset, "no column of times",
               "one of time_s, time_ms, time_us, time_ns, seconds, or of rates: tflops, gflops");
  return header;
}

}  // namespace chipmix::calibration
