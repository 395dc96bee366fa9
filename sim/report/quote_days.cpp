#include "report/quote_days.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/words.hpp"
#include "prices/day.hpp"
#include "report/assumed_remark.hpp"

namespace chipmix::report {

std::vector<QuoteDay> quote_days(const scenario::Scenario& scenario) {
  std::vector<QuoteDay> list;
  for (std::size_t i = 0; i < scenario.options.size(); ++i)
    if (const scenario::Option& option = scenario.options[i]; option.valid_until)
      list.push_back({option.label, *option.valid_until, static_cast<int>(i), false});
  if (!scenario.procurement) return list;
  for (const scenario::Supply& supply : scenario.procurement->supplies) {
    const std::string& name = scenario.options[supply.option].name;
    if (supply.spec.buy && supply.spec.buy->valid_until)
      list.push_back({"buying " + name, *supply.spec.buy->valid_until, supply.option, true});
    if (supply.spec.rent && supply.spec.rent->valid_until)
      list.push_back({"renting " + name, *supply.spec.rent->valid_until, supply.option, true});
  }
  return list;
}

int days_past(const std::string& day, const std::string& today) { return std::max(0, prices::age(day, today)); }

std::vector<std::string> quote_remarks(const scenario::Scenario& scenario, const std::string& today, int only,
                                       bool purchases) {
  std::vector<std::string> past, holding, remarks;
  for (const QuoteDay& quote : quote_days(scenario)) {
    if ((quote.is_supply && !purchases) || !concerns(scenario, only, quote.option)) continue;
    if (const int days = days_past(quote.day, today); days > 0)
      past.push_back(fmt::format("{} until {} ({} ago)", quote.of, quote.day, counted(days, "day")));
    else
      holding.push_back(fmt::format("{} until {}", quote.of, quote.day));
  }
  if (!past.empty())
    remarks.push_back(
        fmt::format("Prices out of date on {}: {}. Ask for new quotes before deciding.", today, fmt::join(past, ", ")));
  if (!holding.empty()) remarks.push_back(fmt::format("Prices hold: {}.", fmt::join(holding, ", ")));
  return remarks;
}

}  // namespace chipmix::report
