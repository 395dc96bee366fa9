#include <fmt/format.h>

#include <algorithm>

#include "report/book/sheets.hpp"
#include "report/decision/findings.hpp"

namespace chipmix::report::book {
namespace {

using scenario::OptionAnswer;
using scenario::Run;

constexpr std::size_t days_column = 2, cost = 6, in_targets = 15;
constexpr const char *deadline_key = "deadline", *budget_key = "budget";

/// Of a scenario that also asks what to buy.
constexpr const char* options_one_by_one =
    "The options are compared one by one, each as if it were available at once and for as long as needed; the sheets "
    "Procurement and Jobs show what is available, by when and within which limits.";

class Summary {
 public:
  explicit Summary(Draft& draft) : draft_(draft), prices_(draft.prices()) {
    sheet_ = {"Summary", {24, 9, 8, 11, 9, 9, 13, 13, 11, 13, 13, 14, 10, 11, 24, 14}};
  }

  Sheet run() && {
    words();
    draft_.define("tokens", sheet_, 1);
    sheet_.rows.push_back({"tokens of the job", Cell(draft_.scenario.job.tokens, "0.00E+00")});
    if (draft_.has_prices()) decide();
    sheet_.rows.emplace_back();
    columns();
    const std::size_t first = sheet_.rows.size();
    for (const OptionAnswer* answer : ranked(draft_.comparison)) add(*answer);
    charts(first);
    return std::move(sheet_);
  }

 private:
  /// Cost and days of the options, below their table: they follow its cells.
  void charts(std::size_t first) {
    const std::size_t last = sheet_.rows.size() - 1;
    std::size_t row = last + 2;
    const auto put = [&](const std::string& title, const std::string& axis, std::size_t column) {
      Chart chart{Chart::Kind::bar, title, axis, 0, first, last, {{title, column}}, row, 0};
      sheet_.charts.push_back(std::move(chart));
      row += 2 * (last - first) + 18;
    };
    if (draft_.has_prices()) put("Total cost of each option", draft_.scenario.currency.code, cost);
    put("Days of each option", "days", days_column);
  }

  void paragraph(const std::string& text, Style style = Style::paragraph) {
    if (!text.empty()) sheet_.rows.push_back({Cell(text, style)});
  }

  void words() {
    paragraph(draft_.scenario.name, Style::title);
    paragraph(draft_.scenario.description);
    decision(*draft_.front);
    if (draft_.scenario.procurement) paragraph(options_one_by_one);
    if (draft_.has_prices())
      paragraph(
          "Money here is live: change a blue figure on Assumptions and bills, totals and shares follow. Plans, days "
          "and "
          "device-hours, the width from P10 to P90 and the sentences above are as simulated: after a change, ask "
          "chipmix "
          "again for those.");
    else
      paragraph("No option has a price, so this workbook compares speed alone: no costs, and an empty ledger.");
    sheet_.rows.emplace_back();
  }

  /// As the other formats tell it.
  void decision(const FrontPage& front) {
    paragraph(front.question);
    paragraph(front.answer, Style::heading);
    paragraph(front.firmness);
    for (const Headline& one : front.headlines) paragraph(fmt::format("{}: {} ({})", one.name, one.value, one.note));
    for (const std::string& words : front.basis) paragraph(words);
    list(Text::what_would_change, front.risks);
    list(Text::what_is_asked, front.asked);
    sheet_.rows.emplace_back();
  }

  void list(Text title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    paragraph((*draft_.say)(title), Style::heading);
    for (const std::string& line : lines) paragraph("• " + line);
  }

  bool has_targets() const { return draft_.scenario.deadline || draft_.scenario.budget; }

  /// The range of a column over the options' rows.
  std::string range(std::size_t column) const {
    return place(first_, column) + ":" + place(first_ + draft_.comparison.options.size() - 1, column);
  }

  /// The targets, how many options meet them, and the cheapest of these; of all where none does.
  void decide() {
    const scenario::Scenario& scenario = draft_.scenario;
    const std::size_t lines = (scenario.deadline ? 1 : 0) + (scenario.budget ? 1 : 0) + (has_targets() ? 2 : 1);
    first_ = sheet_.rows.size() + lines + 2;
    const auto target = [&](const std::string& key, const std::string& what, double value, const char* format) {
      draft_.define(key, sheet_, 1);
      sheet_.rows.push_back({what, Cell(value, format, Style::input)});
    };
    if (scenario.deadline) target(deadline_key, "deadline, days", days(*scenario.deadline), number::decimal);
    if (scenario.budget)
      target(budget_key, "budget, " + scenario.currency.code,
             scenario.rates.convert(*scenario.budget, scenario.currency).amount, number::count);
    const auto least = [&](std::size_t column) {
      return fmt::format("INDEX({0},MATCH(MIN({1}),{1},0))", range(0), range(column));
    };
    if (!has_targets()) {
      sheet_.rows.push_back(
          {"cheapest at these prices", Cell(Formula{least(cost), best()->label}, number::general, Style::heading)});
      return;
    }
    const auto meeting = std::count_if(draft_.comparison.options.begin(), draft_.comparison.options.end(),
                                       [](auto& answer) { return answer.priced() && meets_targets(answer); });
    sheet_.rows.push_back(
        {"options that meet the targets",
         Cell(Formula{fmt::format("COUNT({})", range(in_targets)), static_cast<double>(meeting)}, number::count)});
    const std::string text = fmt::format("IF(COUNT({})=0,{},{})", range(in_targets), least(cost), least(in_targets));
    sheet_.rows.push_back({"cheapest at these prices: of those that meet the targets, else of all",
                           Cell(Formula{text, best()->label}, number::general, Style::heading)});
  }

  const OptionAnswer* best() const {
    const OptionAnswer* best = nullptr;
    const auto is_ahead = [](const OptionAnswer& one, const OptionAnswer& other) {
      if (meets_targets(one) != meets_targets(other)) return meets_targets(one);
      return one.bill.total().amount < other.bill.total().amount;
    };
    for (const OptionAnswer& answer : draft_.comparison.options)
      if (answer.priced() && (!best || is_ahead(answer, *best))) best = &answer;
    return best;
  }

  /// What an option costs, if it meets the targets; else nothing.
  Cell cost_in_targets(const OptionAnswer& answer, std::size_t row) {
    std::string test;
    if (draft_.scenario.deadline)
      test = fmt::format("{}<={}*(1+1E-9)", place(row, days_column), draft_.names.of(deadline_key));
    if (draft_.scenario.budget)
      test += fmt::format("{}{}<={}*(1+1E-9)", test.empty() ? "" : ",", place(row, cost), draft_.names.of(budget_key));
    const std::string text = fmt::format("IF(AND({}),{},\"\")", test, place(row, cost));
    if (meets_targets(answer)) return {Formula{text, answer.bill.total().amount}, number::count};
    return {Formula{text, std::string()}, number::count};
  }

  void columns() {
    const std::string& currency = draft_.scenario.currency.code;
    std::vector<std::string> texts = {"option", "devices", "days", "tokens/s per device", "share of peak", "power, MW"};
    if (draft_.has_prices()) {
      const std::string& baseline = draft_.comparison.options[draft_.comparison.baseline].name;
      const std::vector<std::string> money = {
          "cost, " + currency, currency + " per 1T tokens", "vs " + baseline, "cost, P10",
          "cost, P90",         "paid out, " + currency,     "cheapest in"};
      texts.insert(texts.end(), money.begin(), money.end());
    }
    texts.insert(texts.end(), {"evidence", "remark"});
    if (draft_.has_prices() && has_targets()) texts.emplace_back("cost, if the targets are met");
    sheet_.rows.push_back(header(texts));
  }

  void add(const OptionAnswer& answer) {
    Row row = {answer.label};
    if (answer.feasible()) {
      row.emplace_back(answer.devices, number::count);
      row.emplace_back(days(answer.duration), number::decimal);
      row.emplace_back(draft_.scenario.job.tokens / answer.device_time.value(), number::count);
      row.emplace_back(answer.mfu, number::share);
      row.push_back(megawatts(answer));
    }
    row.resize(cost);
    if (draft_.has_prices()) add_money(answer, row);
    row.emplace_back(answer.feasible() ? name(answer.evidence) : "");
    row.emplace_back(remark(answer));
    if (draft_.has_prices() && has_targets())
      row.push_back(answer.priced() ? cost_in_targets(answer, sheet_.rows.size()) : Cell());
    sheet_.rows.push_back(std::move(row));
  }

  static std::string remark(const OptionAnswer& answer) {
    if (!answer.feasible()) return "cannot run: " + answer.reason->explanation;
    return answer.priced() ? "" : "no price for its devices";
  }

  void add_money(const OptionAnswer& answer, Row& row) {
    constexpr std::size_t money_columns = 7;
    if (!answer.priced()) return row.resize(row.size() + money_columns);
    const double total = answer.bill.total().amount;
    const std::size_t at = sheet_.rows.size();
    const std::string own = place(at, cost);
    const auto formula = [&](const std::string& text, double value, const char* format = number::count) {
      row.emplace_back(Formula{text, value}, format);
    };
    formula(draft_.names.of(total_key(answer)), total);
    formula(own + "*1000000000000/" + draft_.names.of("tokens"), cost_per_1t(answer, draft_.scenario).amount);
    const OptionAnswer& baseline = draft_.comparison.options[draft_.comparison.baseline];
    if (baseline.priced())
      formula(fmt::format("{}/{}-1", own, draft_.names.of(total_key(baseline))),
              total / baseline.bill.total().amount - 1, number::change);
    else
      row.emplace_back();
    formula(own + "*" + literal(answer.cost_p10), total * answer.cost_p10);
    formula(own + "*" + literal(answer.cost_p90), total * answer.cost_p90);
    formula(draft_.names.of(cash_key(answer)), answer.bill.cash().amount);
    row.push_back(answer.surety ? Cell(answer.surety->cheapest, number::share) : Cell());
  }

  /// To provide, at the meter, for the largest run; unknown without a PUE.
  Cell megawatts(const OptionAnswer& answer) {
    if (!draft_.scenario.electricity) return {};
    const scenario::Option& option = draft_.option_of(answer);
    std::string text;
    double most = 0;
    for (std::size_t i = 0; i < answer.runs.size(); ++i) {
      const scenario::Option& host = draft_.scenario.host(option, i);
      const Run& run = answer.runs[i];
      std::string sum;
      double kilowatts = 0;
      for (std::size_t group = 0; group < run.used.size(); ++group) {
        if (run.used[group] == 0) continue;
        sum += fmt::format("{}{}*{}", sum.empty() ? "" : "+", run.used[group], prices_.kilowatts(host, group));
        kilowatts += run.used[group] * economics::provisioned(host.cluster->groups[group], draft_.scenario.electricity);
      }
      text += (text.empty() ? "" : ",") + sum;
      most = std::max(most, kilowatts);
    }
    return {Formula{"MAX(" + text + ")/1000", most / 1000}, "#,##0.000"};
  }

  Draft& draft_;
  PriceFormulas prices_;
  Sheet sheet_;
  std::size_t first_ = 0;  ///< row of the first option
};

}  // namespace

Sheet summary_sheet(Draft& draft) { return Summary(draft).run(); }

}  // namespace chipmix::report::book
