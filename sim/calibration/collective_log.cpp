// Tables of collectives as nccl-tests and rccl-tests print them (github.com/NVIDIA/nccl-tests, README.md and
// doc/PERFORMANCE.md: columns, bus bandwidth), and hccl_test (a table with bars). Out-of-place times are taken.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/words.hpp"
#include "calibration/text_file.hpp"

namespace chipmix::calibration {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 9> operations = {{{"all_reduce", "all_reduce"},
                                                                            {"allreduce", "all_reduce"},
                                                                            {"all_gather", "all_gather"},
                                                                            {"allgather", "all_gather"},
                                                                            {"reduce_scatter", "reduce_scatter"},
                                                                            {"reducescatter", "reduce_scatter"},
                                                                            {"alltoall", "all_to_all"},
                                                                            {"broadcast", "broadcast"},
                                                                            {"sendrecv", "send_recv"}}};

std::string operation_in(std::string_view text, std::string_view ending) {
  for (const auto& [spelt, name] : operations)
    if (text.find(std::string(spelt) + std::string(ending)) != std::string_view::npos) return name;
  return {};
}

struct Row {
  double bytes = 0, seconds = 0, algorithm = 0, bus = 0;  ///< bandwidths as printed, GB/s
  bool reduces = false;
  std::size_t offset = 0;
};

struct Columns {
  std::size_t size = 0, reduction = 0, time = 0, count = 0;
  double unit = 0;  ///< s; 0 while not known
};

constexpr std::array<std::pair<std::string_view, double>, 3> units = {{{"(us)", 1e-6}, {"(ms)", 1e-3}, {"(s)", 1}}};

/// What launchers and collectors of logs print before each line: the rank's mark of mpirun, "[1,0]<stdout>:", a day
/// and hour as "2031-01-02T03:04:05.678901Z", and the blanks behind them.
Line without_prefix(Line line) {
  const auto drop = [&](std::size_t count) {
    line.text.remove_prefix(count);
    line.offset += count;
  };
  if (const std::size_t tag = line.text.find("]<std"); line.text.starts_with("[") && tag != std::string_view::npos)
    if (const std::size_t colon = line.text.find(">:", tag); colon != std::string_view::npos) drop(colon + 2);
  constexpr std::size_t day = 10;  // "2031-01-02"
  const auto is_stamp = [](char c) { return (c >= '0' && c <= '9') || c == ':' || c == '.' || c == '+' || c == '-'; };
  if (line.text.size() > day + 1 && line.text[4] == '-' && line.text[7] == '-' && line.text[day] == 'T') {
    std::size_t end = day + 1;
    while (end < line.text.size() && is_stamp(line.text[end])) ++end;
    if (end < line.text.size() && line.text[end] == 'Z') ++end;
    drop(end);
    if (line.text.starts_with(" ")) drop(1);
  }
  return line;
}

class CollectiveReader {
 public:
  CollectiveReader(const std::string& file, std::string_view text) : text_(file, text) {}

  void read() {
    for (const Line& whole : text_.lines()) {
      const Line line = without_prefix(whole);
      if (line.text.find("data_size(Bytes)") != std::string_view::npos) bars_ = true, is_whole_ = true;
      if (line.text.starts_with("#"))
        comment({line.text.substr(1), line.offset + 1});
      else if (bars_ && line.text.find('|') != std::string_view::npos)
        barred(line);
      else if (columns_.time > 0 && !words(line).empty() && number(words(line)[0].text))
        row(line);
      else if (!bars_)
        comment(line);  // Markdown takes the '#' signs for its own
      command(line);
    }
    const std::size_t end = text_.text().size();
    if (rows_.empty() && columns_.time == 0 && !bars_)
      text_.fault(0, "no table of sizes and times in this log");
    else if (rows_.empty())
      text_.fault(end, "the table has no rows", "let the test run to its end");
    else if (!is_whole_)
      text_.fault(end, "the log is truncated: the table has no closing line",
                  "let the test run to '# Avg bus bandwidth', or write the rows as CSV");
    if (ranks_ == 0 && !rows_.empty())
      text_.fault(0, "the log does not say how many ranks took part",
                  "keep the lines '#  Rank 0 ...', or the command with -n");
  }

  std::vector<Sample> samples() {
    const std::string op = operation();
    std::vector<Sample> list;
    for (const Row& row : rows_) {
      CollectiveSample one;
      one.op = op, one.ranks = ranks_, one.bytes = row.bytes, one.seconds.values = {row.seconds};
      if (hosts_.size() > 1) one.ranks_per_node = ranks_ / static_cast<int>(hosts_.size());
      list.push_back(one);
    }
    return list;
  }
  std::vector<std::size_t> offsets() const {
    std::vector<std::size_t> list;
    for (const Row& row : rows_) list.push_back(row.offset);
    return list;
  }
  TextFile& text() { return text_; }
  const std::string& device() const { return device_; }

 private:
  void comment(const Line& line) {
    const std::vector<Field> list = words(line);
    if (line.text.find("Avg bus bandwidth") != std::string_view::npos) is_whole_ = true;
    if (list.size() > 3 && list[0].text == "Rank") return rank(line, list);
    const auto time = std::find_if(list.begin(), list.end(), [](const Field& f) { return f.text == "time"; });
    if (!list.empty() && list[0].text == "size" && time != list.end()) {
      columns_ = {0, 0, static_cast<std::size_t>(time - list.begin()), list.size(), 0};
      for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].text == "redop") columns_.reduction = i;
      if (columns_.count < columns_.time + 3)
        text_.fault(line.offset, "the header has no bandwidths behind its times", "expected: time algbw busbw");
    }
    for (const Field& field : list)
      for (const auto& [spelt, unit] : units)
        if (columns_.time > 0 && columns_.unit == 0 && field.text == spelt) columns_.unit = unit;
  }

  void rank(const Line& line, const std::vector<Field>& list) {
    ++ranks_;
    for (std::size_t i = 0; i + 1 < list.size(); ++i)
      if (list[i].text == "on") hosts_.insert(std::string(list[i + 1].text));
    const std::size_t bracket = line.text.find(']');
    if (bracket != std::string_view::npos && bracket + 2 < line.text.size())
      device_ = std::string(line.text.substr(bracket + 2));
  }

  void row(const Line& line) {
    const std::vector<Field> list = words(line);
    if (columns_.unit == 0) return text_.fault(line.offset, "the table's header does not give the unit of its times");
    if (list.size() < columns_.count) {
      return text_.fault(
          line.offset,
          fmt::format("a row of {} where the header has {}", counted(list.size(), "column"), columns_.count),
          "the log was cut or edited here");
    }
    if (list[0].text == "0") return;              // sizes too small for so many ranks are printed as 0
    if (list.size() < columns_.time + 3) return;  // told at the header
    const auto size = text_.positive(list[0], "the size");
    const auto time = text_.positive(list[columns_.time], "the time");
    if (!size || !time) return;
    Row one{*size,
            *time * columns_.unit,
            number(list[columns_.time + 1].text).value_or(0),
            number(list[columns_.time + 2].text).value_or(0),
            false,
            line.offset};
    one.reduces = columns_.reduction > 0 && list[columns_.reduction].text != "none";
    check_units(one, list[columns_.time]);
    rows_.push_back(one);
  }

  /// size / time must be the bandwidth printed beside them, which has two decimals.
  void check_units(const Row& one, const Field& time) {
    const double expected = one.bytes / one.seconds / 1e9;
    if (one.algorithm >= 0.1 && std::abs(expected / one.algorithm - 1) > 0.1)
      text_.fault(time.offset,
                  fmt::format("size over time is {:.3g} GB/s, but the row says {:g}", expected, one.algorithm),
                  "a time in another unit than the header's?");
  }

  void barred(const Line& line) {
    const std::vector<Field> list = fields(line, '|');
    if (line.text.find("data_size") != std::string_view::npos) {
      if (line.text.find("(us)") == std::string_view::npos) text_.fault(line.offset, "expected times in us");
      return;
    }
    if (list.size() < 3)
      return text_.fault(line.offset, "a row with too few columns", "the log was cut or edited here");
    const auto size = text_.positive(list[0], "the size");
    const auto time = text_.positive(list[1], "the time");
    if (!size || !time) return;
    rows_.push_back({*size, *time * 1e-6, number(list[2].text).value_or(0), 0, false, line.offset});
    check_units(rows_.back(), list[1]);
  }

  /// A launch line kept in the log: which test, and with -n how many ranks.
  void command(const Line& line) {
    for (const char* ending : {"_perf", "_test"})
      if (const std::string op = operation_in(line.text, ending); !op.empty()) operation_ = op;
    if (!bars_ && ranks_ == 0 && operation_in(line.text, "_test").empty()) return;
    const std::vector<Field> list = words(line);
    for (std::size_t i = 0; i + 1 < list.size() && ranks_ == 0; ++i)
      if (list[i].text == "-n" || list[i].text == "-np")
        if (const auto ranks = text_.whole(list[i + 1], "the number of ranks")) ranks_ = static_cast<int>(*ranks);
  }

  /// From the command, or the file's name, or the bus bandwidth: 2(n-1)/n or (n-1)/n of the other.
  std::string operation() {
    if (!operation_.empty()) return operation_;
    if (const std::string op = operation_in(text_.file(), ""); !op.empty()) return op;
    const Row& largest =
        *std::max_element(rows_.begin(), rows_.end(), [](auto& a, auto& b) { return a.bytes < b.bytes; });
    const double n = ranks_, factor = largest.algorithm > 0 ? largest.bus / largest.algorithm : 0;
    if (largest.reduces && std::abs(factor - 2 * (n - 1) / n) < 0.02) return "all_reduce";
    if (largest.reduces && std::abs(factor - (n - 1) / n) < 0.02) return "reduce_scatter";
    text_.fault(0, "cannot tell which collective this is", "name the file after it, for example all_gather.log");
    return "all_reduce";
  }

  TextFile text_;
  std::vector<Row> rows_;
  Columns columns_;
  std::set<std::string> hosts_;
  std::string operation_, device_;
  int ranks_ = 0;
  bool bars_ = false, is_whole_ = false;
};

}  // namespace

bool is_collective_log(std::string_view text) {
  return text.find("busbw") != std::string_view::npos || text.find("data_size(Bytes)") != std::string_view::npos ||
         text.find("nccl-tests") != std::string_view::npos;
}

MeasurementFile read_collective_log(std::string file, std::string text) {
  CollectiveReader reader(file, text);
  reader.read();
  reader.text().throw_if_any();
  std::vector<Sample> samples = reader.samples();
  reader.text().throw_if_any();
  const std::string device = reader.device();
  auto result = from_text(std::move(file), std::move(text), "log of collectives", std::move(samples), reader.offsets());
  result.data.device.name = device;
  return result;
}

}  // namespace chipmix::calibration
