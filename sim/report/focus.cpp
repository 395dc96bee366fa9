#include "report/focus.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

/// "2027-01-31T00:00:00Z".
std::string instant(sys_days day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}T00:00:00Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

sys_days read(const std::string& date) {
  return year_month_day(std::chrono::year(std::stoi(date.substr(0, 4))),
                        std::chrono::month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))),
                        std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2)))));
}

/// The first of the month of a day, or of the month after.
sys_days first(sys_days day, int later = 0) {
  const year_month_day date(day);
  const year_month month = year_month(date.year(), date.month()) + std::chrono::months(later);
  return sys_days(month / std::chrono::day(1));
}

bool is_bought(const economics::Row& row) { return row.basis == economics::Basis::purchase; }

struct Charge {
  const char* kind;
  const char* frequency;
  double billed, effective;
  sys_days from, to;
};

/// What a spreadsheet would take for a formula, as text.
std::string plain(const std::string& text) {
  const bool is_formula = !text.empty() && std::string("=+-@\t\r").find(text.front()) != std::string::npos;
  return is_formula ? "'" + text : text;
}

class FocusRows {
 public:
  FocusRows(const Scenario& scenario, bool are_alternatives, std::string left_out, Table& table)
      : scenario_(scenario),
        are_alternatives_(are_alternatives),
        left_out_(std::move(left_out)),
        table_(table),
        start_(read(*scenario.start)) {}

  void add(const OptionAnswer& answer) {
    const sys_days end = start_ + std::chrono::days(static_cast<int>(std::ceil(days(answer.duration))));
    for (const economics::Row& row : answer.bill.entries()) {
      if (is_bought(row) && row.cash.amount != 0)
        add(answer, row, {"Purchase", "One-Time", row.cash.amount, 0, start_, start_ + std::chrono::days(1)});
      if (row.amount.amount == 0) continue;
      add(answer, row,
          {"Usage", "Usage-Based", is_bought(row) ? 0 : row.amount.amount, row.amount.amount, start_, end});
    }
  }

 private:
  void add(const OptionAnswer& answer, const economics::Row& row, const Charge& charge) {
    const auto money = [](double amount) { return Cell{amount, fmt::format("{:.10g}", amount)}; };
    table_.add({money(charge.billed),
                plain(scenario_.name),
                Cell{},
                row.amount.currency.code,
                instant(first(charge.from)),
                instant(first(charge.to, 1)),
                charge.kind,
                Cell{},
                plain(row.why),
                charge.frequency,
                instant(charge.from),
                instant(charge.to),
                money(charge.billed),
                money(charge.effective),
                "forecast",
                money(charge.billed),
                money(row.quantity),
                row.unit,
                "chipmix",
                "chipmix",
                economics::facts(row.account).category,
                economics::name(row.account),
                plain(answer.name),
                "true",
                are_alternatives_ ? "true" : "false",
                plain(left_out_),
                name(row.evidence)});
  }

  const Scenario& scenario_;
  bool are_alternatives_;
  std::string left_out_;
  Table& table_;
  sys_days start_;
};

const OptionAnswer* cheapest(const scenario::Comparison& comparison) {
  const OptionAnswer* best = nullptr;
  for (const OptionAnswer& one : comparison.options)
    if (one.priced() && (!best || one.bill.total().amount < best->bill.total().amount)) best = &one;
  return best;
}

}  // namespace

void require_option(const Scenario& scenario, const std::optional<std::string>& option) {
  if (!option || *option == every_option || scenario.find(*option) >= 0) return;
  std::vector<std::string> names = {every_option};
  for (const auto& one : scenario.options) names.push_back(one.name);
  throw std::invalid_argument(fmt::format("no option '{}'; there are {}", *option, fmt::join(names, ", ")));
}

Table focus_table(const Scenario& scenario, const scenario::Comparison& comparison,
                  const std::optional<std::string>& option) {
  require_option(scenario, option);
  Table table;
  for (const char* key :
       {"BilledCost",        "BillingAccountId", "BillingAccountName", "BillingCurrency",   "BillingPeriodStart",
        "BillingPeriodEnd",  "ChargeCategory",   "ChargeClass",        "ChargeDescription", "ChargeFrequency",
        "ChargePeriodStart", "ChargePeriodEnd",  "ContractedCost",     "EffectiveCost",     "InvoiceIssuerName",
        "ListCost",          "PricingQuantity",  "PricingUnit",        "ProviderName",      "PublisherName",
        "ServiceCategory",   "ServiceName",      "x_Option",           "x_Forecast",        "x_Alternative",
        "x_OptionsLeftOut",  "x_Evidence"}) {
    Column column{key};
    column.key = key;
    table.columns.push_back(column);
  }
  const bool are_all = option == every_option;
  const OptionAnswer* one = option && !are_all ? &comparison.options[scenario.find(*option)] : cheapest(comparison);
  std::vector<std::string> others;
  for (const OptionAnswer& answer : comparison.options)
    if (!are_all && &answer != one) others.push_back(answer.name);
  FocusRows rows(scenario, are_all, fmt::format("{}", fmt::join(others, "; ")), table);
  for (const OptionAnswer& answer : comparison.options)
    if (answer.priced() && (are_all || &answer == one)) rows.add(answer);
  return table;
}

}  // namespace chipmix::report
