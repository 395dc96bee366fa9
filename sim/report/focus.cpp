#include "report/focus.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

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

bool is_bought(const economics::Row& row) { return row.cash.amount != row.amount.amount; }

const char* category(const std::string& account) {
  if (account == "network") return "Networking";
  if (account == "electricity" || account == "colocation" || account == "demand charge") return "Other";
  return "Compute";
}

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

class Rows {
 public:
  Rows(const Scenario& scenario, Table& table) : scenario_(scenario), table_(table), start_(read(*scenario.start)) {}

  void add(const OptionAnswer& answer) {
    const sys_days end = start_ + std::chrono::days(static_cast<int>(std::ceil(days(answer.duration))));
    for (const economics::Row& row : answer.bill.entries()) {
      if (is_bought(row))
        add(answer, row, {"Purchase", "One-Time", row.cash.amount, 0, start_, start_ + std::chrono::days(1)});
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
                category(row.account),
                row.account,
                plain(answer.name),
                "true",
                name(row.evidence)});
  }

  const Scenario& scenario_;
  Table& table_;
  sys_days start_;
};

}  // namespace

Table focus_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  for (const char* key :
       {"BilledCost",        "BillingAccountId", "BillingAccountName", "BillingCurrency",   "BillingPeriodStart",
        "BillingPeriodEnd",  "ChargeCategory",   "ChargeClass",        "ChargeDescription", "ChargeFrequency",
        "ChargePeriodStart", "ChargePeriodEnd",  "ContractedCost",     "EffectiveCost",     "InvoiceIssuerName",
        "ListCost",          "PricingQuantity",  "PricingUnit",        "ProviderName",      "PublisherName",
        "ServiceCategory",   "ServiceName",      "x_Option",           "x_Forecast",        "x_Evidence"}) {
    Column column{key};
    column.key = key;
    table.columns.push_back(column);
  }
  Rows rows(scenario, table);
  for (const OptionAnswer& answer : comparison.options)
    if (answer.priced()) rows.add(answer);
  return table;
}

}  // namespace chipmix::report
