#include "report/assumptions.hpp"

#include "report/book/sheets.hpp"

namespace chipmix::report::book {
namespace {

constexpr std::size_t value_column = 2;

class Assumptions {
 public:
  explicit Assumptions(Draft& draft) : draft_(draft) {
    sheet_ = {"Assumptions", {30, 22, 12, 15, 11, 11, 11, 30, 38, 60}, 1, 1};
    sheet_.rows = {header({"assumption", "of", "value", "unit", "low (P10)", "high (P90)", "grade", "name in formulas",
                           "for --set", "source"})};
  }

  Sheet run() && {
    const std::vector<Derived> derived = worked_out();
    heading("Prices: change a blue figure, and every sheet follows");
    for (const Assumption& row : price_assumptions(draft_.scenario)) add(row);
    if (!derived.empty()) heading("Worked out from them: devices that are owned");
    for (const Derived& row : derived) add(row);
    heading("Behind times and plans: change these in the scenario or the profiles, and ask chipmix again");
    for (const Assumption& row : time_assumptions(draft_.scenario, draft_.comparison)) add(row);
    return std::move(sheet_);
  }

 private:
  /// Of every owned device in a bill.
  std::vector<Derived> worked_out() {
    std::vector<Derived> all;
    PriceFormulas prices = draft_.prices();
    for (const scenario::Option& option : draft_.scenario.options)
      for (std::size_t group = 0; option.cluster && group < option.cluster->groups.size(); ++group)
        if (option.owned[group])
          for (Derived& row : prices.derived(option, group)) all.push_back(std::move(row));
    return all;
  }

  void heading(const char* text) {
    sheet_.rows.emplace_back();
    sheet_.rows.push_back({Cell(text, Style::heading)});
  }

  void add(const Assumption& row) {
    const bool is_live = draft_.names.knows(row.key);
    if (is_live) draft_.define(row.key, sheet_, value_column);
    const auto end = [&](auto bound) {
      return row.range ? Cell(bound(*row.range), format_of(bound(*row.range))) : Cell();
    };
    sheet_.rows.push_back({row.what, row.of.empty() ? "all options" : row.of,
                           Cell(row.value, format_of(row.value), is_live ? Style::input : Style::plain), row.unit,
                           end([](auto& range) { return range.low; }), end([](auto& range) { return range.high; }),
                           name(row.grade), is_live ? draft_.names.of(row.key) : "", row.path,
                           row.source.empty() ? "no source" : row.source});
  }

  void add(const Derived& row) {
    draft_.define(row.key, sheet_, value_column);
    sheet_.rows.push_back({row.what, row.of, Cell(row.formula, number::price), row.unit, Cell(), Cell(),
                           Cell("worked out", Style::note), draft_.names.of(row.key), "", row.law});
  }

  Draft& draft_;
  Sheet sheet_;
};

}  // namespace

Sheet assumptions_sheet(Draft& draft) { return Assumptions(draft).run(); }

}  // namespace chipmix::report::book
