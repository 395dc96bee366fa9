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
    const auto& rows = answer.bill.entries();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      add_row(answer, rows[i]);
      const bool is_last = i + 1 == rows.size() || rows[i + 1].holder.group != rows[i].holder.group ||
                           rows[i + 1].holder.run != rows[i].holder.run;
      if (is_last) add_empty(answer, rows[i].holder);
    }
    add_total(answer, first);
  }

  const Option& host_of(const economics::Holder& holder) const { return draft_.scenario.options[holder.option]; }

  /// What an owned group does not pay as its figures stand: another figure may change that.
  void add_empty(const OptionAnswer& answer, const economics::Holder& holder) {
    const auto& own = host_of(holder).owned[holder.group];
    if (!own) return;
    const auto is_there = [&](economics::Account account) {
      return std::any_of(answer.bill.entries().begin(), answer.bill.entries().end(), [&](const economics::Row& row) {
        return row.account == account && row.holder.has_same_devices(holder) && row.holder.run == holder.run;
      });
    };
    const Run& run = answer.runs[holder.run];
    for (const economics::Account account : owned_accounts(*own)) {
      if (is_there(account)) continue;
      economics::Row row;
      row.account = account;
      row.holder = holder;
      row.why = "nothing, with these figures";
      row.devices = row.bought = run.used[holder.group];
      row.quantity = row.devices * hours(run.steady);
      row.unit = "device-hours";
      row.unit_price.currency = own->device.value.currency;
      row.evidence = own->device.grade;
      add_row(answer, row);
    }
  }

  /// Quantity and amount are formulas of the cells beside them and of named figures.
  void add_row(const OptionAnswer& answer, const economics::Row& row) {
    const Option& host = host_of(row.holder);
    const Run& run = answer.runs[row.holder.run];
    const std::size_t group = row.holder.group;
    const bool is_energy = economics::facts(row.account).kind == economics::Kind::energy;
    const double count = row.devices;
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
    const std::string cash_text = cash_formula(row, host, at);
    sheet_.rows.push_back(
        {answer.label,
         economics::name(row.account),
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

  /// What is bought is paid at once, for devices that no other row pays for; all else as it is borne.
  std::string cash_formula(const economics::Row& row, const Option& host, std::size_t at) {
    if (economics::facts(row.account).kind != economics::Kind::capital) return place(at, amount);
    const std::string each = prices_.bought(row.account, host, row.holder.group);
    if (each.empty() || row.bought == 0) return "0";
    const std::string count = row.bought == row.devices ? place(at, devices) : literal(row.bought);
    return fmt::format("{}*{}*{}", each, count, place(at, rate));
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
