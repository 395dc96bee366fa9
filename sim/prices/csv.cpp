#include "prices/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/words.hpp"
#include "io/scanner.hpp"

namespace chipmix::prices {

Csv::Csv(const std::string& file, const std::string& text) : file_(file), text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
  header_ = read_row();
  for (const Field& field : header_) columns_.push_back(field.text);
}

bool Csv::next() {
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    row_ = read_row();
    if (row_.empty()) continue;
    if (row_.size() == columns_.size()) return true;
    fault_at(begin, fmt::format("{} under {}", counted(row_.size(), "field"), counted(columns_.size(), "column")), "");
  }
  return false;
}

/// A row without text is empty.
std::vector<Csv::Field> Csv::read_row() {
  std::vector<Field> row = {{"", at_}};
  bool is_quoted = false, has_text = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"' && is_quoted && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      row.back().text += text_[++at_];
    } else if (c == '"') {
      is_quoted = !is_quoted;
      has_text = true;
    } else if (c == '\n' && !is_quoted) {
      ++at_;
      break;
    } else if (c == ',' && !is_quoted) {
      row.push_back({"", at_ + 1});
      has_text = true;
    } else if (c != '\r') {
      row.back().text += c;
      has_text = has_text || c != ' ';
    }
  }
  if (is_quoted) fault_at(row.back().offset, "an unterminated quoted field", "close it with \"");
  for (Field& field : row) {
    field.text.erase(0, std::min(field.text.find_first_not_of(' '), field.text.size()));
    field.text.erase(field.text.find_last_not_of(' ') + 1);
  }
  return has_text ? row : std::vector<Field>();
}

std::size_t Csv::index(const std::string& column) const {
  return static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin());
}

std::string Csv::text(const std::string& column) const {
  const std::size_t at = index(column);
  return at < row_.size() ? row_[at].text : std::string();
}

void Csv::fault(const std::string& column, std::string message, std::string hint) {
  const std::size_t at = index(column);
  fault_at(at < row_.size() ? row_[at].offset : 0, std::move(message), std::move(hint));
}

void Csv::fault_of_column(const std::string& column, std::string message, std::string hint) {
  fault_at(header_.at(index(column)).offset, std::move(message), std::move(hint));
}

void Csv::fault_of_header(std::string message, std::string hint) {
  fault_at(header_.empty() ? 0 : header_.front().offset, std::move(message), std::move(hint));
}

void Csv::fault_at(std::size_t offset, std::string message, std::string hint) {
  diagnostics_.add(io::diagnostic_at(file_, text_, {offset, std::move(message), std::move(hint)}));
}

}  // namespace chipmix::prices
