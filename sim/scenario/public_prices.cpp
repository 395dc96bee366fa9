#include "scenario/public_prices.hpp"

#include <fmt/format.h>

#include <cmath>

#include "prices/day.hpp"

namespace chipmix::scenario {

/// A rate there and a rate back must come to 1, and two of one pair must be the same.
void PublicPrices::read_rates() {
  constexpr double most_apart = 0.02;
  const auto& list = spec_.exchange_rates;
  const auto fault_of = [&](std::size_t i, std::string message, std::string hint) {
    root_.find("exchange_rates")->as_list()[i].find("rate")->error(std::move(message), std::move(hint));
  };
  const auto apart = [&](std::size_t i, std::size_t j) -> std::optional<double> {
    if (list[i].from == list[j].to && list[i].to == list[j].from) return list[i].rate * list[j].rate - 1;
    if (list[i].from == list[j].from && list[i].to == list[j].to) return list[i].rate / list[j].rate - 1;
    return std::nullopt;
  };
  for (std::size_t i = 0; i < list.size(); ++i) {
    bool is_told = false;
    for (std::size_t j = 0; j < i; ++j) {
      const auto between = apart(i, j);
      if (!between || std::abs(*between) <= most_apart) continue;
      is_told = true;
      fault_of(i,
               fmt::format("{} {} for 1 {}, but {} {} for 1 {}", list[i].rate, list[i].to, list[i].from, list[j].rate,
                           list[j].to, list[j].from),
               list[i].from == list[j].from ? "two rates of one pair must be within 2 %; one of them is enough"
                                            : "the two must multiply to 1 within 2 %; one of them is enough");
    }
    const Currency from{list[i].from}, to{list[i].to};
    if (!is_told && scenario_.rates.can_convert(from, to)) {
      const double others = scenario_.rates.convert({1, from}, to).amount;
      if (std::abs(list[i].rate / others - 1) > most_apart)
        fault_of(
            i,
            fmt::format("{} {} for 1 {}, but the rates above make it {:.6g}", list[i].rate, to.code, from.code, others),
            "rates over a third currency must agree within 2 %");
    }
    scenario_.rates.set(from, to, list[i].rate);
  }
  complete_rates();
  // Rates that nothing here needs, for sweeps over prices in other currencies.
  const prices::Book& book = library_.price_book();
  for (const prices::DatedRate& rate : book.rates) book.complete(scenario_.rates, {rate.from}, {rate.to}, today());
}

void PublicPrices::complete(const Currency& from, const Currency& to) {
  if (scenario_.rates.can_convert(from, to)) return;
  for (prices::DatedRate& rate : library_.price_book().complete(scenario_.rates, from, to, today())) {
    RateSpec read{rate.from, rate.to, rate.rate, rate.date, rate.source, true};
    if (!rate.url.empty()) read.source += ", " + rate.url;
    scenario_.rates_read.push_back(std::move(read));
  }
}

/// The ends of a range may be in other currencies.
template <class Figure>
void PublicPrices::complete_range(const Figure& figure) {
  if (!figure.range) return;
  complete(figure.range->low.currency, figure.value.currency);
  complete(figure.range->high.currency, figure.value.currency);
}

template <class Spec>
void PublicPrices::complete_option(const Spec& spec) {
  if (spec.rent) complete(spec.rent->value.currency, scenario_.currency), complete_range(*spec.rent);
  if (spec.tariff) complete(spec.tariff->value.currency, scenario_.currency), complete_range(*spec.tariff);
  if (!spec.own) return;
  complete_range(spec.own->device);
  const Currency& device = spec.own->device.value.currency;
  complete(device, scenario_.currency);
  for (const auto* money : {&spec.own->colocation, &spec.own->demand, &spec.own->staff})
    if (*money) complete((*money)->value.currency, device), complete_range(**money);
}

void PublicPrices::complete_rates() {
  for (const OptionSpec& option : spec_.options) {
    complete_option(option);
    if (option.mix)
      for (const IslandSpec& island : option.mix->islands) complete_option(island);
  }
  if (spec_.job.budget) complete(spec_.job.budget->currency, scenario_.currency);
  if (spec_.electricity && spec_.electricity->tariff)
    complete(spec_.electricity->tariff->value.currency, scenario_.currency), complete_range(*spec_.electricity->tariff);
  for (const PublishedSpec& published : spec_.published)
    if (published.cost_per_1t_tokens) complete(published.cost_per_1t_tokens->currency, scenario_.currency);
}

std::optional<Sourced<Rent>> PublicPrices::rent(const Option& option, std::size_t group) {
  if (!option.cluster) return std::nullopt;
  read_own();
  const std::string& device = option.cluster->groups[group].device.id;
  std::optional<prices::Median> found = median(*own_, device);
  const bool is_own = found.has_value();
  if (!found && spec_.public_prices) found = median(library_.price_book(), device);
  if (!found) return std::nullopt;
  const auto rent = [&](double hourly) { return Rent{hourly / seconds_per_hour, scenario_.currency}; };
  Sourced<Rent> result;
  result.value = rent(found->value);
  if (found->spread) result.range = Interval<Rent>{rent(found->spread->low), rent(found->spread->high)};
  result.grade = Evidence::assumed;
  result.source = "no price given: " + found->words(prices::Kind::on_demand);
  scenario_.public_prices.push_back({option.name, group, is_own, std::move(*found)});
  return result;
}

std::optional<prices::Median> PublicPrices::median(const prices::Book& book, const std::string& device) {
  for (const prices::Quote& quote : book.quotes)
    if (quote.device == device && quote.kind == prices::Kind::on_demand) complete({quote.currency}, scenario_.currency);
  return prices::median_quote(book, device, prices::Kind::on_demand, today(), scenario_.currency, scenario_.rates);
}

/// Faults of the files are faults of the scenario, said together with the others.
void PublicPrices::read_own() {
  if (own_) return;
  own_.emplace();
  const auto list = root_.find("price_files");
  for (std::size_t i = 0; i < spec_.price_files.size(); ++i) {
    const std::filesystem::path path = library_.file("prices", spec_.price_files[i]);
    if (path.empty()) {
      list->as_list()[i].error(fmt::format("no file of prices '{}'", spec_.price_files[i]),
                               "name a file as 'chipmix import prices' writes it, relative to the scenario");
      continue;
    }
    try {
      for (prices::Quote& quote : prices::read_quotes(path).quotes) own_->quotes.push_back(std::move(quote));
    } catch (const InputError& error) {
      for (const Diagnostic& fault : error.diagnostics()) root_.diagnostics().add(fault);
    }
  }
}

const std::string& PublicPrices::today() {
  if (!scenario_.price_date.empty()) return scenario_.price_date;
  read_own();
  const std::string own = own_->newest(), known = library_.price_book().newest();
  const bool is_own_newer = !own.empty() && (known.empty() || prices::age(known, own) > 0);
  return scenario_.price_date = spec_.price_date.value_or(is_own_newer ? own : known);
}

}  // namespace chipmix::scenario
