#include <fmt/format.h>

#include <algorithm>

#include "report/book/sheets.hpp"

namespace chipmix::report::book {
namespace {

using scenario::Option;
using scenario::OptionAnswer;
using scenario::Run;

// Columns.
constexpr std::size_t devices = 2, time = 3, quantity = 4, unit_price = 6, rate = 8, amount = 9, cash = 10;

/// Devices that a row of the bill is about (scenario/parts.cpp).
double devices_of(const std::string& account, const Run& run, std::size_t group) {
  const double used = run.used[group];
  if (account == "rent of spares" || account == "owned spares") return run.spares * used;
  return account == "unused commitment" ? (1 + run.spares) * used : used;
}

class Ledger {
 public:
  explicit Ledger(Draft& draft) : draft_(draft), prices_(draft.prices()) {
    const std::string& currency = draft.scenario.currency.code;
    sheet_ = {"Ledger", {20, 19, 9, 10, 12, 13, 11, 8, 9, 13, 14, 11, 60}, 1, 2};
    sheet_.rows = {header({"option", "account", "devices", "hours", "quantity", "unit", "unit price", "quoted in",
                           "rate to " + currency, "amount, " + currency, "paid out, " + currency, "grade", "why"})};
  }

  Sheet run() && {
    for (const OptionAnswer& answer : draft_.comparison.options) {
      if (answer.priced())
        add(answer);
      else
        sheet_.rows.push_back(
            {answer.label, Cell(answer.feasible() ? "no price for its devices" : "cannot run", Style::note)});
      sheet_.rows.emplace_back();
    }
    if (!draft_.has_prices())
      sheet_.rows.push_back({Cell("No option has a price: there is nothing to add up.", Style::note)});
    return std::move(sheet_);
  }

 private:
  void add(const OptionAnswer& answer) {
    const std::size_t first = sheet_.rows.size();
    const Option& option = draft_.option_of(answer);
    for (std::size_t i = 0; i < answer.runs.size(); ++i) {
      const Option& host = draft_.scenario.host(option, i);
      for (const scenario::ChargedRows& charged : answer.runs[i].charged) add(answer, host, answer.runs[i], charged);
    }
    add_total(answer, first);
  }

  void add(const OptionAnswer& answer, const Option& host, const Run& run, const scenario::ChargedRows& charged) {
    const auto& entries = answer.bill.entries();
    const std::size_t group = charged.group;
    for (std::size_t i = charged.first; i < charged.end; ++i) add_row(answer, entries[i], host, run, group);
    const auto& own = host.owned[group];
    if (!own) return;
    const auto is_there = [&](const std::string& account) {
      return std::any_of(entries.begin() + charged.first, entries.begin() + charged.end,
                         [&](const economics::Row& row) { return row.account == account; });
    };
    for (const std::string& account : owned_accounts(*own)) {
      if (is_there(account)) continue;
      economics::Row row;
      row.account = account;
      row.why = "nothing, as the figures stand";
      row.quantity = run.used[group] * hours(run.useful);
      row.unit = "device-hours";
      row.unit_price.currency = own->device.value.currency;
      row.evidence = own->device.grade;
      add_row(answer, row, host, run, group);
    }
  }

  /// Quantity and amount are formulas of the cells beside them and of named figures.
  void add_row(const OptionAnswer& answer, const economics::Row& row, const Option& host, const Run& run,
               std::size_t group) {
    const bool is_energy = row.account == "electricity";
    const double count = devices_of(row.account, run, group);
    const double span = is_energy ? hours(run.duration) : row.quantity / count;
    const std::size_t at = sheet_.rows.size();
    std::string quantity_text = place(at, devices) + "*" + place(at, time);
    if (is_energy) quantity_text += "*" + prices_.kilowatt_hours(host, group, run);
    const std::string conversion = prices_.converted(row.unit_price.currency, draft_.scenario.currency);
    const double factor = draft_.scenario.rates.convert({1, row.unit_price.currency}, draft_.scenario.currency).amount;
    const Cell rate_cell =
        conversion.empty() ? Cell(1.0, number::count) : Cell(Formula{"1" + conversion, factor}, number::price);
    const std::string amount_text =
        fmt::format("{}*{}*{}", place(at, quantity), place(at, unit_price), place(at, rate));
    const std::string each = prices_.bought(row.account, host, group);
    const std::string cash_text =
        each.empty() ? place(at, amount) : fmt::format("{}*{}*{}", each, place(at, devices), place(at, rate));
    sheet_.rows.push_back(
        {answer.label,
         row.account,
         {count, format_of(count)},
         {span, number::cents},
         {Formula{quantity_text, row.quantity}, number::count},
         row.unit,
         {Formula{prices_.unit_price(row.account, host, group), row.unit_price.amount}, number::price},
         row.unit_price.currency.code,
         rate_cell,
         {Formula{amount_text, row.amount.amount}, number::count},
         {Formula{cash_text, row.cash.amount}, number::count},
         name(row.evidence),
         row.why});
  }

  void add_total(const OptionAnswer& answer, std::size_t first) {
    draft_.define(total_key(answer), sheet_, amount);
    draft_.define(cash_key(answer), sheet_, cash);
    const std::size_t last = sheet_.rows.size() - 1;
    const auto sum = [&](std::size_t column) {
      return fmt::format("SUM({}:{})", place(first, column), place(last, column));
    };
    Row row(cash + 1, Cell("", Style::total));
    row[0] = Cell(answer.label, Style::total);
    row[1] = Cell("total", Style::total);
    row[amount] = Cell(Formula{sum(amount), answer.bill.total().amount}, number::count, Style::total);
    row[cash] = Cell(Formula{sum(cash), answer.bill.cash().amount}, number::count, Style::total);
    sheet_.rows.push_back(std::move(row));
  }

  Draft& draft_;
  PriceFormulas prices_;
  Sheet sheet_;
};

}  // namespace

Sheet ledger_sheet(Draft& draft) { return Ledger(draft).run(); }

}  // namespace chipmix::report::book
