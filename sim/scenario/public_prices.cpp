#include "scenario/public_prices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

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
    check_published(i);
    scenario_.rates.set(from, to, list[i].rate);
  }
  price_purchases();
  complete_rates();
  // Rates that nothing here needs, for sweeps over prices in other currencies.
  const prices::Book& book = library_.price_book();
  for (const prices::DatedRate& rate : book.rates) book.complete(scenario_.rates, {rate.from}, {rate.to}, today());
}

/// A rate of the scenario beside the published one of its day. Ten times apart is a slip (two currencies swapped, a
/// hundred yen); a quarter apart is more than the currencies of the published rates have moved in a year.
void PublicPrices::check_published(std::size_t index) {
  constexpr double slip = 10, far = 1.25;
  const RateSpec& own = spec_.exchange_rates[index];
  ExchangeRates published;
  const auto used = library_.price_book().complete(published, {own.from}, {own.to}, own.date);
  if (used.empty()) return;
  const double rate = published.convert({1, {own.from}}, {own.to}).amount, ratio = own.rate / rate;
  const double apart = std::max(ratio, 1 / ratio);
  if (apart <= far) return;
  std::string from;
  for (const prices::DatedRate& one : used)
    from += fmt::format("{}{} of {}", from.empty() ? "" : "; ", one.source, one.date);
  const std::string said = fmt::format("{:.6g} {} for 1 {}", own.rate, own.to, own.from);
  if (apart < slip) {
    scenario_.doubts.push_back({fmt::format("The scenario's rate, {}, is {:.3g} times the published {:.6g} ({}); "
                                            "amounts are converted at the scenario's.",
                                            said, ratio, rate, from),
                                -1});
    return;
  }
  const bool is_swapped = std::max(own.rate * rate, 1 / (own.rate * rate)) < far;
  root_.find("exchange_rates")
      ->as_list()[index]
      .find("rate")
      ->error(fmt::format("{}, but the published rate is {:.6g} ({})", said, rate, from),
              is_swapped ? fmt::format("'rate' is how many {} buy one {}: swap 'from' and 'to'", own.to, own.from)
                         : "a rate ten times off is refused: correct it, or leave it out to take the published one");
}

void PublicPrices::price_purchases() {
  const auto member = [](const io::Value& value, const char* key) {
    const auto found = value.is_object() ? value.find(key) : std::nullopt;
    return found ? *found : value;
  };
  const io::Value options = member(root_, "options");
  std::map<std::string, std::string> devices;  // of options with one kind
  for (std::size_t i = 0; i < spec_.options.size(); ++i) {
    OptionSpec& option = spec_.options[i];
    const io::Value value = options.as_list().at(i);
    if (option.cluster) {
      devices.emplace(option.name, option.cluster->device);
      price_purchase(option.own, {option.name, 0, option.cluster->device}, member(value, "own"));
    }
    if (!option.mix) continue;
    const auto islands = member(member(value, "mix"), "islands").as_list();
    for (std::size_t k = 0; k < option.mix->islands.size(); ++k) {
      IslandSpec& island = option.mix->islands[k];
      price_purchase(island.own, {option.name, k, island.device}, member(islands.at(k), "own"));
    }
  }
  if (!spec_.procurement) return;
  const io::Value supplies = member(member(root_, "procurement"), "supplies");
  for (std::size_t i = 0; i < spec_.procurement->supplies.size(); ++i) {
    SupplySpec& supply = spec_.procurement->supplies[i];
    const io::Value value = supplies.as_list().at(i);
    const Bought bought{supply.option, 0, devices[supply.option]};
    if (supply.buy) price_purchase(supply.buy->own, bought, member(member(value, "buy"), "own"));
    if (supply.fleet) price_purchase(supply.fleet->own, bought, member(member(value, "fleet"), "own"));
  }
}

/// A purchase without a price is at the median of dated quotes of the device alone; its server and network follow from
/// `own`.
void PublicPrices::price_purchase(std::optional<economics::Ownership>& own, const Bought& bought, const io::Value& at) {
  if (!own || !own->device.value.currency.code.empty()) return;
  own->device.value = {1, scenario_.currency};  // after a fault nothing else is said of it
  const hardware::DeviceSpec* device = library_.device(bought.device);
  if (!device) return;  // said elsewhere
  bool is_own = false;
  auto found = median_of(device->id, prices::Kind::device, is_own);
  if (!found)
    return at.error_at_key(
        fmt::format("no price of the {}, and no public quote of it alone that is at most a year old", device->name),
        "give \"device\", for example \"30000 USD\"");
  const auto money = [&](double amount) { return Money{amount, scenario_.currency}; };
  own->device.value = money(found->value);
  if (found->spread) own->device.range = Interval<Money>{money(found->spread->low), money(found->spread->high)};
  own->device.grade = Evidence::assumed;
  own->device.source = "no price given: " + found->words(prices::Kind::device);
  scenario_.public_prices.push_back({bought.option, bought.group, is_own, std::move(*found), prices::Kind::device});
  note_age();
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
  bool is_own = false;
  auto found = median_of(option.cluster->groups[group].device.id, prices::Kind::on_demand, is_own);
  if (!found) return std::nullopt;
  const auto rent = [&](double hourly) { return Rent{hourly / seconds_per_hour, scenario_.currency}; };
  Sourced<Rent> result;
  result.value = rent(found->value);
  if (found->spread) result.range = Interval<Rent>{rent(found->spread->low), rent(found->spread->high)};
  result.grade = Evidence::assumed;
  result.source = "no price given: " + found->words(prices::Kind::on_demand);
  scenario_.public_prices.push_back({option.name, group, is_own, std::move(*found), prices::Kind::on_demand});
  note_age();
  return result;
}

/// Quotes of the scenario's own files stand before public ones.
std::optional<prices::Median> PublicPrices::median_of(const std::string& device, prices::Kind kind, bool& is_own) {
  read_own();
  auto found = median(*own_, device, kind);
  is_own = found.has_value();
  if (!found && spec_.public_prices) found = median(library_.price_book(), device, kind);
  return found;
}

std::optional<prices::Median> PublicPrices::median(const prices::Book& book, const std::string& device,
                                                   prices::Kind kind) {
  for (const prices::Quote& quote : book.quotes)
    if (quote.device == device && quote.kind == kind) complete({quote.currency}, scenario_.currency);
  return prices::median_quote(book, device, kind, today(), scenario_.currency, scenario_.rates);
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

/// Ages count from the newest quote, so that an answer stays as it is; quotes that stopped long ago must not look new.
void PublicPrices::note_age() {
  const std::string now = prices::today();
  const int days = prices::age(scenario_.price_date, now);
  if (is_age_noted_ || spec_.price_date || days <= prices::old_days) return;
  is_age_noted_ = true;
  scenario_.doubts.push_back(
      {fmt::format("The newest quote is of {}, {} days before today, {}: give the prices of your "
                   "providers, or import newer ones.",
                   scenario_.price_date, days, now),
       -1});
}

const std::string& PublicPrices::today() {
  if (!scenario_.price_date.empty()) return scenario_.price_date;
  read_own();
  const std::string own = own_->newest(), known = library_.price_book().newest();
  const bool is_own_newer = !own.empty() && (known.empty() || prices::age(known, own) > 0);
  return scenario_.price_date = spec_.price_date.value_or(is_own_newer ? own : known);
}

}  // namespace chipmix::scenario
