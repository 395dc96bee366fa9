#include "calibration/table_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/words.hpp"
#include "calibration/text_file.hpp"

namespace chipmix::calibration {
namespace {

constexpr std::string_view rule = " \t\r|+-=:\\";  // of Markdown and of PrettyTable
constexpr std::string_view mark = "\xEF\xBB\xBF";  // byte order

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }
bool is_rule(std::string_view text) { return text.find_first_not_of(rule) == std::string_view::npos; }

/// "transA,transB,...,hipblaslt-Gflops,us": where a bench prints its table.
bool is_bench_header(std::string_view text) {
  return (text.find("hipblaslt-Gflops,") != std::string_view::npos ||
          text.find("rocblas-Gflops,") != std::string_view::npos) &&
         text.find("us") != std::string_view::npos && text.find("transA") != std::string_view::npos;
}

Line without_mark(Line line) {
  if (line.offset == 0 && line.text.starts_with(mark)) line.text.remove_prefix(mark.size()), line.offset = mark.size();
  return line;
}

char separator_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(blanks);
  if (first != std::string_view::npos && (line[first] == '|' || line[first] == '+')) return '|';
  for (char one : {',', '\t', ';'})
    if (line.find(one) != std::string_view::npos) return one;
  return ',';
}

/// "16:4096" holds the numbers from 16 to 4096.
bool within(std::string_view cell, std::string_view range) {
  const std::size_t colon = range.find(':');
  if (colon == std::string_view::npos) return false;
  const auto low = number(range.substr(0, colon)), high = number(range.substr(colon + 1)), value = number(cell);
  return low && high && value && *low <= *value && *value <= *high;
}

bool is_one_of(std::string_view cell, std::string_view list) {
  for (const Field& one : fields({list, 0}, ','))
    if (one.text == cell || within(cell, one.text)) return true;
  return false;
}

}  // namespace

bool Cells::has(const std::string& meaning) const {
  const auto found = by_meaning.find(meaning);
  return found != by_meaning.end() && !found->second.text.empty();
}

std::string_view Cells::text(const std::string& meaning) const {
  const auto found = by_meaning.find(meaning);
  return found == by_meaning.end() ? std::string_view() : found->second.text;
}

std::size_t Cells::place(const std::string& meaning) const {
  const auto found = by_meaning.find(meaning);
  return found == by_meaning.end() ? offset : found->second.offset;
}

double Cells::unit(const std::string& meaning) const {
  for (const Column& column : *columns)
    if (column.meaning == meaning) return column.unit;
  return 0;
}

const std::string& Cells::name(const std::string& meaning) const {
  for (const Column& column : *columns)
    if (column.meaning == meaning) return column.name;
  return meaning;
}

Rows::Rows(TextFile& text, const TableOptions& options) : text_(text), options_(options), lines_(text.lines()) {
  for (Line& line : lines_) line = without_mark(line);
  is_log_ = std::any_of(lines_.begin(), lines_.end(), [](const Line& line) { return is_bench_header(line.text); });
  if (is_log_) return;
  while (next_ < lines_.size() && (is_rule(lines_[next_].text) || lines_[next_].text.starts_with("#"))) ++next_;
  if (next_ == lines_.size()) text_.fault(0, "no header and no rows in this table");
  text_.throw_if_any();
  separator_ = separator_of(lines_[next_].text);
  if (!options_.header) {
    take_header(split(lines_[next_++]));
    return;
  }
  std::vector<Field> names = fields({*options_.header, 0}, ',');
  for (Field& name : names) name.offset = lines_[next_].offset;  // a fault of it stands at the first row
  take_header(names);
}

std::vector<Field> Rows::split(const Line& line) const {
  std::vector<Field> list = fields(line, separator_);
  if (separator_ == '|' && list.size() >= 2 && list.front().text.empty() && list.back().text.empty())
    list.erase(list.begin()), list.pop_back();
  return list;
}

void Rows::take_header(const std::vector<Field>& names) {
  header_ = read_header(names, options_, text_);
  for (const auto& named : {options_.columns, options_.rows})
    for (const auto& [name, value] : named)
      if (std::none_of(header_.columns.begin(), header_.columns.end(),
                       [&, what = &name](const Column& column) { return column.name == *what; }))
        text_.fault(names.front().offset, fmt::format("no column '{}' in this table", name));
  text_.throw_if_any();
}

bool Rows::is_header(const Line& line) const { return is_log_ && is_bench_header(line.text); }

std::optional<Cells> Rows::next() {
  while (next_ < lines_.size()) {
    const Line line = lines_[next_++];
    if (is_header(line)) {
      const std::size_t mark_end = line.text.find("]:");  // "[0]:transA,...": the number of the problem
      const std::size_t begin = mark_end == std::string_view::npos ? 0 : mark_end + 2;
      take_header(split({line.text.substr(begin), line.offset + begin}));
    } else if (!is_blank(line.text) && !line.text.starts_with("#")) {
      if (auto cells = row(line)) return cells;
    }
  }
  return std::nullopt;
}

std::optional<Cells> Rows::row(const Line& line) {
  if (separator_ == '|' && is_rule(line.text)) return std::nullopt;
  const std::vector<Field> list = split(line);
  if (is_log_) {  // other lines of the log
    const bool begins = !list.empty() && (list[0].text == "N" || list[0].text == "T" || list[0].text == "C");
    if (header_.columns.empty() || !begins) return std::nullopt;
  }
  if (list.size() != header_.columns.size()) {
    text_.fault(
        line.offset,
        fmt::format("a row of {} where the header has {}", counted(list.size(), "field"), header_.columns.size()),
        "was the file cut here?");
    return std::nullopt;
  }
  ++seen_;
  if (!is_kept(list)) return std::nullopt;
  Cells cells{line.offset, header_.publisher, {}, &header_.columns};
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!header_.columns[i].meaning.empty()) cells.by_meaning[header_.columns[i].meaning] = list[i];
  for (const auto& [meaning, value] : options_.values) cells.by_meaning[meaning] = {value, line.offset};
  if (cells.has("grouped") && cells.text("grouped") != "0") {
    text_.fault(cells.place("grouped"), "a grouped product of a bench is not read",
                "--rows grouped_gemm=0 leaves it out");
    return std::nullopt;
  }
  return cells;
}

bool Rows::is_kept(const std::vector<Field>& list) {
  const auto cell_of = [&](const std::string& name) -> const Field* {
    for (std::size_t i = 0; i < list.size(); ++i)
      if (header_.columns[i].name == name) return &list[i];
    return nullptr;
  };
  return std::all_of(options_.rows.begin(), options_.rows.end(), [&](const auto& wanted) {
    const Field* cell = cell_of(wanted.first);
    const Field* other = cell_of(wanted.second);
    return cell && (other ? cell->text == other->text : is_one_of(cell->text, wanted.second));
  });
}

bool is_table(std::string_view text) {
  if (text.find("-Gflops,") != std::string_view::npos) return true;
  const std::string_view first = text.substr(0, text.find('\n'));
  return first.find_first_of(",\t|;") != std::string_view::npos || (first.starts_with("+-") && is_rule(first));
}

}  // namespace chipmix::calibration
