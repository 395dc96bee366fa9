#include "report/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "report/assumption_list.hpp"
#include "report/number.hpp"

namespace chipmix::report {

ReadUnit read_unit(double) { return {}; }
ReadUnit read_unit(Bytes) { return {"GiB", bytes_per_gib}; }
ReadUnit read_unit(BytesPerSecond) { return {"GB/s", 1e9}; }
ReadUnit read_unit(FlopsPerSecond) { return {"TFLOP/s", 1e12}; }
ReadUnit read_unit(Watts) { return {"W", 1}; }
ReadUnit read_unit(KilogramsPerJoule) { return {"kg/kWh", 1 / joules_per_kilowatt_hour}; }
ReadUnit read_unit(const Money& money) { return {money.currency.code, 1}; }
ReadUnit read_unit(const Rent& rent) { return {rent.currency.code + "/h", 1 / seconds_per_hour}; }
ReadUnit read_unit(const Tariff& tariff) { return {tariff.currency.code + "/kWh", 1 / joules_per_kilowatt_hour}; }

ReadUnit read_unit(Seconds time) {
  if (time < Seconds{1}) return {"µs", 1e-6};
  return time < Seconds{seconds_per_hour} ? ReadUnit{"s", 1} : ReadUnit{"h", seconds_per_hour};
}

double base_value(double number) { return number; }
double base_value(const Money& money) { return money.amount; }

double written(double number) { return std::strtod(fmt::format("{:.14g}", number).c_str(), nullptr); }

void AssumptionList::add(Assumption row) {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Assumption& other) { return other.key == row.key; });
  if (found == rows_.end()) return rows_.push_back(std::move(row));
  const std::string known = ", " + found->of + ", ";
  if (known.find(", " + row.of + ", ") == std::string::npos) found->of += ", " + row.of;
}

namespace {

Cell number(double value) { return {value, significant(value, 6)}; }

Cell range_text(const Assumption& row) {
  if (!row.range) return {};
  return fmt::format("{} to {}", significant(row.range->low), significant(row.range->high));
}

}  // namespace

Table assumptions_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  table.title = "What the answer rests on";
  table.columns = {{"assumption"},
                   {"of"},
                   numeric("value"),
                   {"unit"},
                   {"range (80 %)", "", Align::left, "range"},
                   droppable({"low"}, machine_only),
                   droppable({"high"}, machine_only),
                   {"grade"},
                   {"source"}};
  std::vector<Assumption> rows = price_assumptions(scenario);
  for (Assumption& row : time_assumptions(scenario, comparison)) rows.push_back(std::move(row));
  for (const Assumption& row : rows)
    table.add({row.what, row.of.empty() ? Cell("all options") : Cell(row.of), number(row.value), row.unit,
               range_text(row), row.range ? Cell(row.range->low) : Cell{}, row.range ? Cell(row.range->high) : Cell{},
               name(row.grade), row.source.empty() ? Cell("no source") : Cell(row.source)});
  return table;
}

}  // namespace chipmix::report
