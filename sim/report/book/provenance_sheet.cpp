#include <fmt/format.h>

#include <map>

#include "report/answers.hpp"
#include "report/assumptions.hpp"
#include "report/book/sheets.hpp"
#include "report/evidence_tables.hpp"

namespace chipmix::report::book {
namespace {

const char* meaning(Evidence grade) {
  switch (grade) {
    case Evidence::measured:
      return "somebody measured it and published the figure";
    case Evidence::fitted:
      return "fitted to published training runs or measurements";
    case Evidence::datasheet:
      return "a data sheet, a price list or a rate of the day says so";
    case Evidence::quote:
      return "stated in the scenario without a source";
    case Evidence::scaled:
      return "calculated from a published figure of something similar";
    case Evidence::assumed:
      return "no public figure: an assumption, to be replaced by your own";
  }
  return "";
}

/// A source with the worst grade of what was taken from it, and what that was.
struct Used {
  Evidence grade = Evidence::measured;
  std::vector<std::string> figures;
};

class Provenance {
 public:
  explicit Provenance(Draft& draft) : draft_(draft) { sheet_ = {"Provenance", {24, 80, 12, 50}}; }

  Sheet run(const std::string& version) && {
    const scenario::Scenario& scenario = draft_.scenario;
    line("made by", "chipmix " + version);
    line("scenario", scenario.name);
    line("what it asks", scenario.description);
    line("model", scenario.job.model.name + " (" + scenario.job.model.source + ")");
    line("currency of all amounts", scenario.currency.code);
    for (const auto& rate : scenario.rates_read)
      line("exchange rate",
           fmt::format("{} {} for a {}, {}: {}", literal(rate.rate), rate.to, rate.from, rate.date, rate.source));
    grades();
    published_runs();
    sources();
    notes();
    return std::move(sheet_);
  }

 private:
  void line(const std::string& what, const std::string& text) { sheet_.rows.push_back({what, text}); }

  void heading(const char* text, const std::vector<std::string>& columns) {
    sheet_.rows.emplace_back();
    sheet_.rows.push_back({Cell(text, Style::heading)});
    sheet_.rows.push_back(header(columns));
  }

  void grades() {
    heading("How figures are known, best first", {"grade", "meaning"});
    for (const Evidence grade : all_grades) line(name(grade), meaning(grade));
    heading("Weakest evidence behind each option's time", {"option", "grade"});
    for (const auto& answer : draft_.comparison.options)
      if (answer.feasible()) line(answer.label, name(answer.evidence));
  }

  void published_runs() {
    const Table table = evidence_table(draft_.comparison.options, draft_.evidence);
    if (table.rows.empty()) return;
    std::vector<std::string> columns;
    for (const Column& column : table.columns) columns.push_back(column.header);
    heading(table.title.c_str(), columns);
    for (const auto& row : table.rows) {
      sheet_.rows.emplace_back();
      for (const auto& cell : row) sheet_.rows.back().emplace_back(cell.text);
    }
  }

  void sources() {
    std::map<std::string, Used> all;
    const auto use = [&](const std::vector<Assumption>& rows) {
      for (const Assumption& row : rows) {
        Used& used = all[row.source.empty() ? "no source" : row.source];
        used.grade = weakest(used.grade, row.grade);
        used.figures.push_back(row.of.empty() ? row.what : row.what + " (" + row.of + ")");
      }
    };
    use(price_assumptions(draft_.scenario));
    use(time_assumptions(draft_.scenario, draft_.comparison));
    heading("Sources", {"", "source", "weakest grade", "used for"});
    for (const auto& [source, used] : all)
      sheet_.rows.push_back({"", source, name(used.grade), fmt::format("{}", fmt::join(used.figures, "; "))});
    for (const auto& figure : draft_.scenario.published)
      sheet_.rows.push_back({"", figure.source, "published", "shown with the answer: " + figure.label});
  }

  void notes() {
    heading("Notes", {"", "note"});
    for (const std::string& remark : compare_page(draft_.scenario, draft_.comparison).remarks)
      if (remark != draft_.comparison.recommendation) line("", remark);
  }

  Draft& draft_;
  Sheet sheet_;
};

}  // namespace

Sheet provenance_sheet(Draft& draft, const std::string& version) { return Provenance(draft).run(version); }

}  // namespace chipmix::report::book
