// A table of shapes and times: one row a sample, columns as table_columns.hpp tells them. Between commas, tabs,
// semicolons or bars (Markdown, PrettyTable), or among the lines of a log (rocblas-bench, hipblaslt-bench).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "calibration/table_columns.hpp"
#include "calibration/table_rows.hpp"

namespace chipmix::calibration {
namespace {

using Assign = std::function<void(double)>;

constexpr double units_apart = 0.1;  // of a rate beside the time: tables print three digits and more

/// The numbers that a kind of sample has, by column.
std::map<std::string, Assign> numbers(GemmSample& s) {
  return {{"m", [&](double x) { s.m = x; }},
          {"n", [&](double x) { s.n = x; }},
          {"k", [&](double x) { s.k = x; }},
          {"batch", [&](double x) { s.batch = x; }},
          {"cast_bytes", [&](double x) { s.cast_bytes = x; }}};
}
std::map<std::string, Assign> numbers(GroupedGemmSample& s) {
  return {{"groups", [&](double x) { s.groups = x; }},
          {"rows_per_group", [&](double x) { s.rows_per_group = x; }},
          {"n", [&](double x) { s.n = x; }},
          {"k", [&](double x) { s.k = x; }}};
}
std::map<std::string, Assign> numbers(AttentionSample& s) {
  return {{"batch", [&](double x) { s.batch = x; }},       {"heads", [&](double x) { s.heads = x; }},
          {"kv_heads", [&](double x) { s.kv_heads = x; }}, {"sequence", [&](double x) { s.sequence = x; }},
          {"keys", [&](double x) { s.keys = x; }},         {"head_size", [&](double x) { s.head_size = x; }}};
}
std::map<std::string, Assign> numbers(StreamSample& s) {
  return {{"bytes", [&](double x) { s.bytes = x; }}, {"kernels", [&](double x) { s.kernels = x; }}};
}
std::map<std::string, Assign> numbers(CollectiveSample& s) {
  return {{"bytes", [&](double x) { s.bytes = x; }},
          {"ranks", [&](double x) { s.ranks = static_cast<int>(x); }},
          {"ranks_per_node", [&](double x) { s.ranks_per_node = static_cast<int>(x); }}};
}

const std::map<std::string, Sample>& tables() {
  static const std::map<std::string, Sample> kinds = {{"gemm", GemmSample{}},
                                                      {"grouped_gemm", GroupedGemmSample{}},
                                                      {"attention", AttentionSample{}},
                                                      {"stream", StreamSample{}},
                                                      {"collective", CollectiveSample{}}};
  return kinds;
}

/// Operations of other publishers' tables in our words.
std::string operation(const std::string& word) { return word == "alltoall" ? "all_to_all" : word; }

std::string kind_of_row(const Cells& cells) {
  if (cells.has("kind")) return std::string(cells.text("kind"));
  if (cells.has("ranks")) return "collective";
  if (cells.has("sequence")) return "attention";
  if (cells.has("bytes")) return "stream";
  return cells.has("groups") ? "grouped_gemm" : "gemm";
}

/// Rows made into samples, every fault of all of them in `text`.
class SampleReader {
 public:
  SampleReader(TextFile& text, const TableOptions& options) : text_(text), options_(options) {}

  void read() {
    Rows rows(text_, options_);
    while (const auto cells = rows.next()) row(*cells);
    text_.throw_if_any();
    if (samples_.empty())
      text_.fault(0, rows.seen() == 0 ? "no rows under the header" : "--rows leaves no row of this table",
                  "at least one shape and its time");
    text_.throw_if_any();
    publisher_ = rows.publisher();
  }

  std::vector<Sample> samples_;
  std::vector<std::size_t> offsets_;
  Publisher publisher_ = Publisher::none;
  bool format_taken_ = false;  ///< bf16, where nothing says a number format

 private:
  void row(const Cells& cells) {
    const std::string kind = kind_of_row(cells);
    const auto found = tables().find(kind);
    if (found == tables().end())
      return text_.fault(cells.place("kind"), fmt::format("unknown kind '{}'", kind),
                         "gemm, grouped_gemm, attention, stream or collective");
    Sample sample = found->second;
    std::visit([&](auto& one) { fill(one, cells); }, sample);
    samples_.push_back(sample);
    offsets_.push_back(cells.offset);
  }

  template <class T>
  void fill(T& sample, const Cells& cells) {
    if constexpr (std::is_same_v<T, GemmSample>) shape(sample, cells);
    if constexpr (requires { numbers(sample); }) sizes(sample, cells);
    words_of(sample, cells);
    if constexpr (requires(T one) { one.dtype = Dtype::bf16; }) dtype(sample, cells);
    if constexpr (std::is_same_v<T, CollectiveSample>) {
      elements(sample, cells);
      ranks(sample, cells);
    }
    time(sample, cells);
  }

  template <class T>
  void sizes(T& sample, const Cells& cells) {
    static const std::vector<std::string> optional = {"batch",   "kv_heads",       "keys",
                                                      "kernels", "ranks_per_node", "cast_bytes"};
    for (auto& [column, assign] : numbers(sample)) {
      const bool needed = std::find(optional.begin(), optional.end(), column) == optional.end();
      const bool elsewhere =
          (cells.has("shape") && std::is_same_v<T, GemmSample>) || (column == "bytes" && cells.has("elements"));
      if (cells.has(column)) {
        const bool is_count = column != "bytes" && column != "cast_bytes";
        const auto value =
            is_count ? text_.whole(cells.at(column), column.c_str()) : text_.positive(cells.at(column), column.c_str());
        if (value) assign(*value);
      } else if (needed && !elsewhere) {
        text_.fault(cells.offset, fmt::format("'{}' is missing", column));
      }
    }
  }

  /// "4096x4096x512": m, n and k.
  void shape(GemmSample& sample, const Cells& cells) {
    if (!cells.has("shape")) return;
    const Field cell = cells.at("shape");
    const std::vector<Field> sides = fields({cell.text, cell.offset}, 'x');
    if (sides.size() != 3)
      return text_.fault(cell.offset, "expected a shape of three sizes", "m x n x k, for example 4096x4096x512");
    double* const into[] = {&sample.m, &sample.n, &sample.k};
    for (std::size_t i = 0; i < 3; ++i)
      if (const auto value = text_.whole(sides[i], "a size")) *into[i] = *value;
  }

  template <class T>
  void words_of(T& sample, const Cells& cells) {
    sample.series = std::string(cells.text("series"));
    sample.note = std::string(cells.text("note"));
    sample.cold_cache = flag(cells, "cold_cache", false);
    if (cells.has("clock")) {
      if (cells.text("clock") == "host") sample.clock = Clock::host;
      if (cells.text("clock") != "host" && cells.text("clock") != "device")
        text_.fault(cells.place("clock"), fmt::format("unknown clock '{}'", cells.text("clock")), "device or host");
    }
    if constexpr (requires { sample.op; }) {
      sample.op = operation(std::string(cells.text("op")));
      if (sample.op.empty() && std::is_same_v<T, StreamSample>) sample.op = "copy";
      if (sample.op.empty()) text_.fault(cells.offset, "'op' is missing", "for example all_reduce");
    }
    if constexpr (std::is_same_v<T, AttentionSample>) {
      if (cells.text("pass") == "backward") sample.pass = plan::Direction::backward;
      sample.causal = flag(cells, "causal", true);
    }
  }

  bool flag(const Cells& cells, const char* column, bool usual) {
    if (!cells.has(column)) return usual;
    const std::string_view text = cells.text(column);
    if (text == "true" || text == "True" || text == "1") return true;
    if (text == "false" || text == "False" || text == "0") return false;
    text_.fault(cells.place(column), fmt::format("'{}' is neither true nor false", text));
    return usual;
  }

  template <class T>
  void dtype(T& sample, const Cells& cells) {
    if (!cells.has("dtype")) {
      if (std::is_same_v<T, CollectiveSample>) return;
      if (cells.publisher == Publisher::blas_bench)
        return text_.fault(cells.offset, "the table has no column of the inputs' number format (a_type)",
                           "say it with --value, for example --value dtype=bf16");
      format_taken_ = true;
      return;
    }
    const auto dtype = dtype_in_words(cells.text("dtype"));
    if (dtype) sample.dtype = *dtype;
    if (!dtype && !std::is_same_v<T, CollectiveSample>)
      text_.fault(
          cells.place("dtype"), fmt::format("unknown number format '{}'", cells.text("dtype")),
          "fp32, tf32, fp16, bf16, fp8 or int8; --rows keeps the rows of one format, --value dtype=NAME says it");
  }

  void ranks(const CollectiveSample& sample, const Cells& cells) {
    if (sample.ranks == 1) text_.fault(cells.place("ranks"), "a collective of one rank moves nothing");
    if (sample.ranks_per_node && sample.ranks % *sample.ranks_per_node != 0)
      text_.fault(cells.place("ranks_per_node"), "'ranks' must be a multiple of 'ranks_per_node'",
                  "every server with as many ranks");
  }

  /// A message counted in elements of its number format.
  void elements(CollectiveSample& sample, const Cells& cells) {
    if (!cells.has("elements")) return;
    const auto count = text_.positive(cells.at("elements"), "the number of elements");
    if (!sample.dtype)
      return text_.fault(cells.place("elements"), "a size in elements needs the number format of the message",
                         "say it with --value, for example --value dtype=fp16");
    if (count) sample.bytes = *count * bytes_per_element(*sample.dtype);
  }

  template <class T>
  void time(T& sample, const Cells& cells) {
    const auto seconds = measure(cells, "time", time_in, "the time", "time_us, time_ms or time_s");
    const auto rate = measure(cells, "rate", rate_in, "the rate", "tflops or gflops");
    if (seconds) sample.seconds.values = {*seconds};
    if (!cells.has("rate")) return;
    if constexpr (!std::is_same_v<T, GemmSample>) {
      if (!cells.has("time")) text_.fault(cells.place("rate"), "only a matrix product's time follows from its rate");
    } else if (rate) {
      const double flops = 2 * sample.batch * sample.m * sample.n * sample.k;
      if (!cells.has("time") && flops > 0) sample.seconds.values = {flops / *rate};
      if (seconds && flops > 0) check_units(flops / *seconds, *rate, cells.place("time"));
    }
  }

  void check_units(double expected, double said, std::size_t place) {
    if (said <= 0 || std::abs(expected / said - 1) <= units_apart) return;
    text_.fault(place,
                fmt::format("this time means {:.3g} TFLOP/s, but the row says {:.3g}", expected / 1e12, said / 1e12),
                "is one of them in another unit, or for another number of products?");
  }

  /// The time or rate of a row in s or FLOP/s: the unit stands in the header, or else in the cell.
  std::optional<double> measure(const Cells& cells, const char* column,
                                std::optional<Quantity> (*in_cell)(std::string_view), const char* what,
                                const char* names) {
    if (!cells.has(column)) return std::nullopt;
    const Field cell = cells.at(column);
    if (cells.unit(column) > 0) {
      const auto value = text_.positive(cell, what);
      return value ? std::optional(*value * cells.unit(column)) : std::nullopt;
    }
    const auto found = in_cell(cell.text);
    if (!found && !unitless_.insert(column).second) return std::nullopt;  // told once
    if (!found)
      text_.fault(cell.offset,
                  fmt::format("the column '{}' has no unit, and '{}' has none", cells.name(column), cell.text),
                  fmt::format("say what it is: --column \"{}=NAME\", NAME one of {}", cells.name(column), names));
    else if (!(found->value > 0))
      text_.fault(cell.offset, fmt::format("{} must be more than 0, found {}", what, cell.text));
    return found && found->value > 0 ? std::optional(found->value * found->unit) : std::nullopt;
  }

  TextFile& text_;
  const TableOptions& options_;
  std::set<std::string> unitless_;  ///< columns whose cells lack a unit
};

const char* format_name(Publisher publisher) {
  if (publisher == Publisher::aiconfigurator) return "aiconfigurator table";
  return publisher == Publisher::blas_bench ? "log of rocblas-bench or hipblaslt-bench" : "CSV";
}

}  // namespace

MeasurementFile read_csv(std::string file, std::string text, const TableOptions& options) {
  TextFile lines(file, text);
  SampleReader reader(lines, options);
  reader.read();
  auto result =
      from_text(file, text, format_name(reader.publisher_), std::move(reader.samples_), std::move(reader.offsets_));
  if (reader.publisher_ == Publisher::aiconfigurator)
    result.remarks.push_back(file +
                             ": latencies in ms, messages in elements, as aiconfigurator's collector writes them");
  if (!lines.ends_in_a_line()) result.remarks.push_back(file + ": its last line has no end: was the file cut there?");
  if (reader.format_taken_)
    result.remarks.push_back(file +
                             ": no column of the number format, taken as bf16 (--value dtype=NAME says another)");
  return result;
}

}  // namespace chipmix::calibration
