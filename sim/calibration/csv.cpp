// A table of shapes and times: one row a sample, columns named as the fields of docs/measurements.md.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/spelling.hpp"
#include "calibration/text_file.hpp"

namespace chipmix::calibration {
namespace {

using Assign = std::function<void(double)>;

const std::map<std::string, double>& time_columns() {
  static const std::map<std::string, double> units = {
      {"seconds", 1}, {"time_s", 1}, {"time_ms", 1e-3}, {"time_us", 1e-6}, {"time_ns", 1e-9}};
  return units;
}

/// The numbers that a kind of sample has, by column.
std::map<std::string, Assign> numbers(GemmSample& s) {
  return {{"m", [&](double x) { s.m = x; }},
          {"n", [&](double x) { s.n = x; }},
          {"k", [&](double x) { s.k = x; }},
          {"batch", [&](double x) { s.batch = x; }}};
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

const std::vector<std::string>& columns() {
  static const std::vector<std::string> all = {
      "kind",           "shape",    "m",        "n",      "k",         "batch",  "groups",  "rows_per_group",
      "heads",          "kv_heads", "sequence", "keys",   "head_size", "bytes",  "kernels", "ranks",
      "ranks_per_node", "dtype",    "op",       "pass",   "causal",    "series", "note",    "seconds",
      "time_s",         "time_ms",  "time_us",  "time_ns"};
  return all;
}

class Reader {
 public:
  Reader(const std::string& file, std::string_view text) : text_(file, text) {}

  void read() {
    for (const Line& line : text_.lines()) {
      if (line.text.find_first_not_of(" \t\r") == std::string_view::npos || line.text.starts_with("#")) continue;
      if (header_.empty())
        header(line);
      else
        row(line);
    }
    text_.throw_if_any();
    if (samples_.empty()) text_.fault(0, "no rows under the header", "at least one shape and its time");
    text_.throw_if_any();
  }
  std::vector<Sample> samples_;
  std::vector<std::size_t> offsets_;

 private:
  void header(const Line& line) {
    int times = 0;
    for (const Field& field : fields(line, ',')) {
      const std::string name(field.text);
      header_.push_back(name);
      if (time_columns().contains(name)) ++times;
      if (name == "time")
        text_.fault(field.offset, "the column 'time' has no unit", "call it time_s, time_ms, time_us or time_ns");
      else if (std::find(columns().begin(), columns().end(), name) == columns().end())
        text_.fault(field.offset, fmt::format("unknown column '{}'", name), spelling_hint(name, columns()));
      if (times == 2 && time_columns().contains(name))
        text_.fault(field.offset, "two columns of times: units are mixed", "keep one of them");
    }
    if (times == 0) text_.fault(line.offset, "no column of times", "one of time_s, time_ms, time_us, time_ns, seconds");
    text_.throw_if_any();
  }

  std::string kind_of_row(const std::map<std::string, Field>& cells) {
    if (const auto kind = cells.find("kind"); kind != cells.end() && !kind->second.text.empty())
      return std::string(kind->second.text);
    if (cells.contains("ranks")) return "collective";
    if (cells.contains("sequence")) return "attention";
    if (cells.contains("bytes")) return "stream";
    return cells.contains("groups") ? "grouped_gemm" : "gemm";
  }

  void row(const Line& line) {
    const std::vector<Field> list = fields(line, ',');
    if (list.size() != header_.size())
      return text_.fault(line.offset,
                         fmt::format("a row of {} fields where the header has {}", list.size(), header_.size()),
                         "was the file cut here?");
    std::map<std::string, Field> cells;
    for (std::size_t i = 0; i < list.size(); ++i) cells[header_[i]] = list[i];
    const std::string kind = kind_of_row(cells);
    const auto found = tables().find(kind);
    if (found == tables().end())
      return text_.fault(cells.at("kind").offset, fmt::format("unknown kind '{}'", kind),
                         "gemm, grouped_gemm, attention, stream or collective");
    Sample sample = found->second;
    std::visit([&](auto& one) { fill(one, cells, line); }, sample);
    samples_.push_back(sample);
    offsets_.push_back(line.offset);
  }

  template <class T>
  void fill(T& sample, const std::map<std::string, Field>& cells, const Line& line) {
    if constexpr (requires { numbers(sample); }) {
      auto sizes = numbers(sample);
      if constexpr (std::is_same_v<T, GemmSample>) shape(sample, cells);
      const std::vector<std::string> optional = {"batch", "kv_heads", "keys", "kernels", "ranks_per_node"};
      for (auto& [column, assign] : sizes) {
        const auto cell = cells.find(column);
        const bool needed = std::find(optional.begin(), optional.end(), column) == optional.end();
        const bool by_shape = cells.contains("shape") && std::is_same_v<T, GemmSample>;
        if (cell != cells.end() && !cell->second.text.empty()) {
          if (const auto value = text_.positive(cell->second, column.c_str())) assign(*value);
        } else if (needed && !by_shape) {
          text_.fault(line.offset, fmt::format("'{}' is missing", column));
        }
      }
    }
    words_of(sample, cells, line);
    for (const auto& [column, unit] : time_columns())
      if (const auto cell = cells.find(column); cell != cells.end())
        if (const auto value = text_.positive(cell->second, "the time")) sample.seconds.values = {*value * unit};
  }

  /// "4096x4096x512": m, n and k.
  void shape(GemmSample& sample, const std::map<std::string, Field>& cells) {
    const auto cell = cells.find("shape");
    if (cell == cells.end()) return;
    const std::vector<Field> sides = fields({cell->second.text, cell->second.offset}, 'x');
    if (sides.size() != 3)
      return text_.fault(cell->second.offset, "expected a shape of three sizes",
                         "m x n x k, for example 4096x4096x512");
    double* const into[] = {&sample.m, &sample.n, &sample.k};
    for (std::size_t i = 0; i < 3; ++i)
      if (const auto value = text_.positive(sides[i], "a size")) *into[i] = *value;
  }

  template <class T>
  void words_of(T& sample, const std::map<std::string, Field>& cells, const Line& line) {
    const auto text = [&](const char* column) {
      const auto cell = cells.find(column);
      return cell == cells.end() ? std::string() : std::string(cell->second.text);
    };
    sample.series = text("series");
    sample.note = text("note");
    if constexpr (requires { sample.op; }) {
      sample.op = text("op").empty() && std::is_same_v<T, StreamSample> ? "copy" : text("op");
      if (sample.op.empty()) text_.fault(line.offset, "'op' is missing", "for example all_reduce");
    }
    if constexpr (std::is_same_v<T, AttentionSample>) {
      if (text("pass") == "backward") sample.pass = plan::Direction::backward;
      sample.causal = text("causal") != "false";
    }
    if constexpr (requires(T one) { one.dtype = Dtype::bf16; }) {
      const auto cell = cells.find("dtype");
      if (cell == cells.end() || cell->second.text.empty()) return;
      const auto dtype = dtype_named(cell->second.text);
      if (dtype) sample.dtype = *dtype;
      if (!dtype)
        text_.fault(cell->second.offset, fmt::format("unknown number format '{}'", cell->second.text),
                    "fp32, tf32, fp16, bf16, fp8 or int8");
    }
  }

  TextFile text_;
  std::vector<std::string> header_;
};

}  // namespace

MeasurementFile read_csv(std::string file, std::string text) {
  Reader reader(file, text);
  reader.read();
  return from_text(std::move(file), std::move(text), "CSV", std::move(reader.samples_), std::move(reader.offsets_));
}

}  // namespace chipmix::calibration
