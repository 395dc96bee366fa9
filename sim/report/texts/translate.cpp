#include "report/texts/translate.hpp"

namespace chipmix::report {
namespace {

/// Columns that quote others: whoever wants to check a source needs its own words.
bool is_quoted(const Column& column, const Say& say) {
  return column.header == "source" || column.header == say(Text::source);
}

class Translation {
 public:
  Translation(const Say& say, const std::set<std::string>& names) : say_(say), names_(names) {}

  void text(std::string& words) const {
    if (!words.empty() && !names_.contains(words)) words = say_.fixed_words(words);
  }

  void table(Table& table) const {
    text(table.title);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const bool is_others = is_quoted(table.columns[i], say_);
      for (auto& row : table.rows) {
        if (is_others)
          row[i].text = say_.quoted_words(row[i].text);
        else
          text(row[i].text);
      }
      text(table.columns[i].header);
    }
  }

 private:
  const Say& say_;
  const std::set<std::string>& names_;
};

}  // namespace

void translate(Section& section, const Say& say, const std::set<std::string>& names) {
  if (!say.is_chinese()) return;
  const Translation to(say, names);
  for (std::string& words : section.words) to.text(words);
  for (Table& table : section.first) to.table(table);
  for (Figure& figure : section.figures) to.table(figure.data);
  for (Table& table : section.tables) to.table(table);
}

}  // namespace chipmix::report
