#include <fmt/format.h>

#include <algorithm>

#include "report/book/sheets.hpp"
#include "report/surety_table.hpp"

namespace chipmix::report::book {
namespace {

using scenario::OptionAnswer;
using scenario::Run;

constexpr std::size_t cost = 6;  // column

/// Of a scenario that also asks what to buy.
constexpr const char* options_one_by_one =
    "The options are compared one by one, each as if it were available at once and for as long as needed; the sheets "
    "Procurement and Jobs show what is available, by when and within which limits.";

class Summary {
 public:
  explicit Summary(Draft& draft) : draft_(draft), prices_(draft.prices()) {
    sheet_ = {"Summary", {24, 9, 8, 11, 9, 9, 13, 13, 11, 13, 13, 14, 10, 11, 24}};
  }

  Sheet run() && {
    words();
    draft_.define("tokens", sheet_, 1);
    sheet_.rows.push_back({"tokens of the job", Cell(draft_.scenario.job.tokens, "0.00E+00")});
    if (draft_.has_prices()) cheapest();
    sheet_.rows.emplace_back();
    columns();
    const std::size_t first = sheet_.rows.size();
    for (const OptionAnswer& answer : draft_.comparison.options) add(answer);
    charts(first);
    return std::move(sheet_);
  }

 private:
  /// Cost and days of the options, below their table: they follow its cells.
  void charts(std::size_t first) {
    constexpr std::size_t days_column = 2;
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
    paragraph(draft_.comparison.recommendation);
    paragraph(change_remark(draft_.scenario, draft_.comparison));
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

  /// The range of a column over the options' rows, which follow in two rows.
  std::string range(std::size_t column) const {
    const std::size_t first = sheet_.rows.size() + 3;
    return place(first, column) + ":" + place(first + draft_.comparison.options.size() - 1, column);
  }

  void cheapest() {
    const OptionAnswer* best = nullptr;
    for (const OptionAnswer& answer : draft_.comparison.options)
      if (answer.priced() && (!best || answer.bill.total().amount < best->bill.total().amount)) best = &answer;
    const std::string text = fmt::format("INDEX({},MATCH(MIN({}),{},0))", range(0), range(cost), range(cost));
    sheet_.rows.push_back({"cheapest at these prices, whatever the targets",
                           Cell(Formula{text, best->label}, number::general, Style::heading)});
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
};

}  // namespace

Sheet summary_sheet(Draft& draft) { return Summary(draft).run(); }

}  // namespace chipmix::report::book
