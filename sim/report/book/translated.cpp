#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "report/book/procurement_book.hpp"

namespace chipmix::report::book {
namespace {

/// What sheets are called in formulas and on their tabs.
constexpr auto tabs = std::to_array<std::pair<const char*, const char*>>({{"Summary", "摘要"},
                                                                          {"Procurement", "采购"},
                                                                          {"Jobs", "作业"},
                                                                          {"Ledger", "账目"},
                                                                          {"Assumptions", "假设"},
                                                                          {"Options", "方案"},
                                                                          {"Sensitivity", "敏感性"},
                                                                          {"Provenance", "来源"}});

std::string tab(const std::string& english) {
  for (const auto& [name, chinese] : tabs)
    if (english == name) return chinese;
  throw std::logic_error("no Chinese name for the sheet " + english);
}

bool is_head(const Row& row) { return !row.empty() && row.back().style == Style::header; }

/// Columns of others' words and of words for the program.
bool is_quoted(const Cell& head) {
  const auto* words = std::get_if<std::string>(&head.content);
  return words && (*words == "source" || *words == "for --set" || *words == "name in formulas" || *words == "name");
}

class Translation {
 public:
  Translation(const Say& say, const std::set<std::string>& names) : say_(say), names_(names) {}

  void text(std::string& words) const {
    if (names_.contains(words)) return;
    constexpr std::string_view separator = "; ";  // of what a source is used for: "life (A); duty (B)"
    const bool is_list = words.find("); ") != std::string::npos && words.ends_with(")") && words.find(" x ") > 8;
    std::string out;
    for (std::size_t at = 0; at < words.size();) {
      const std::size_t end = is_list ? std::min(words.find(separator, at), words.size()) : words.size();
      out += (out.empty() ? "" : "；") + say_.fixed_words(words.substr(at, end - at));
      at = end + separator.size();
    }
    words = out;
  }

  void sheet(Sheet& sheet) const {
    std::vector<bool> quoted;
    for (Row& row : sheet.rows) {
      if (is_head(row)) quoted.assign(row.size(), false);
      for (std::size_t i = 0; is_head(row) && i < row.size(); ++i) quoted[i] = is_quoted(row[i]);
      for (std::size_t i = 0; i < row.size(); ++i) {
        auto* words = std::get_if<std::string>(&row[i].content);
        const bool is_others = i < quoted.size() && quoted[i] && row[i].style != Style::header;
        if (!words) continue;
        if (is_others)
          *words = say_.quoted_words(*words);
        else
          text(*words);
      }
    }
    for (Chart& chart : sheet.charts) {
      text(chart.title), text(chart.axis);
      for (Chart::Series& series : chart.series) text(series.name);
    }
    sheet.name = tab(sheet.name);
  }

 private:
  const Say& say_;
  const std::set<std::string>& names_;
};

}  // namespace

void translate(Workbook& book, const Say& say, const std::set<std::string>& names) {
  if (!say.is_chinese()) return;
  const Translation to(say, names);
  for (Sheet& sheet : book.sheets) to.sheet(sheet);
  for (DefinedName& name : book.names) name.sheet = tab(name.sheet);
}

}  // namespace chipmix::report::book
