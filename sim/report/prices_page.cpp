#include "report/prices_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/spelling.hpp"
#include "prices/day.hpp"
#include "report/answer_json.hpp"
#include "report/price_json.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using prices::Book;
using prices::Kind;
using prices::Median;
using prices::Quote;

std::string amount(double value) { return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value); }

class Listing {
 public:
  Listing(const Book& book, const PricesAsked& asked)
      : book_(book), asked_(asked), today_(asked.today.empty() ? book.newest() : asked.today) {
    std::set<std::string> currencies;
    for (const Quote& quote : book.quotes) currencies.insert(quote.currency);
    for (const std::string& currency : currencies)
      for (const prices::DatedRate& rate : book.complete(rates_, {currency}, asked.currency, today_))
        used_.push_back(rate);
  }

  Page all() const {
    std::set<std::string> devices;
    for (const Quote& quote : book_.quotes) devices.insert(quote.device);
    Table table = medians_table();
    Json list = Json::array();
    for (const std::string& device : devices) medians(device, table, list);
    Page page{"prices", {std::move(table)}, {}};
    finish(page, {{"medians", std::move(list)}});
    return page;
  }

  Page one(const std::string& device) const {
    Table table = medians_table();
    Json list = Json::array(), quotes_list = Json::array();
    medians(device, table, list);
    std::vector<const Quote*> quotes;
    for (const Quote& quote : book_.quotes)
      if (quote.device == device && quote.region.starts_with(asked_.region)) quotes.push_back(&quote);
    std::stable_sort(quotes.begin(), quotes.end(),
                     [](const Quote* a, const Quote* b) { return prices::age(b->date, a->date) > 0; });
    Table each;
    each.title = "Quotes, the newest first";
    each.columns = {{"kind"},
                    {"date"},
                    numeric("age", "d"),
                    numeric("a device", asked_.currency.code, "per_device"),
                    {"as quoted"},
                    {"provider"},
                    {"region"},
                    droppable({"terms"}, 2),
                    {"remark"},
                    droppable({"source"}, 1),
                    droppable({"url"}, machine_only)};
    for (const Quote* quote : quotes) add(*quote, each, quotes_list);
    Page page{"prices of " + device, {std::move(table), std::move(each)}, {}};
    if (quotes.empty()) page.remarks.push_back("There is no quote for " + device + ".");
    finish(page, {{"device", device}, {"medians", std::move(list)}, {"quotes", std::move(quotes_list)}});
    return page;
  }

 private:
  Table medians_table() const {
    Table table;
    table.title = fmt::format("Medians in {}, rent an hour of a device, a purchase each", asked_.currency.code);
    table.columns = {{"device"}, {"kind"}, numeric("quotes"), numeric("median"), {"range"}, {"of"}, {"remark"}};
    return table;
  }

  void medians(const std::string& device, Table& table, Json& list) const {
    for (const Kind kind : prices::all_kinds) {
      const auto median = prices::median_quote(book_, device, kind, today_, asked_.currency, rates_, asked_.region);
      if (!median) {
        left_out(device, kind, table);
        continue;
      }
      std::string remark;
      if (median->old > 0) remark = fmt::format("{} older than {} days", median->old, prices::old_days);
      if (median->doubtful > 0)
        remark += fmt::format("{}{} doubtful left out", remark.empty() ? "" : ", ", median->doubtful);
      table.add({device,
                 name(kind),
                 median->count,
                 {median->value, amount(median->value)},
                 range(*median),
                 median->oldest == median->newest ? median->newest : median->oldest + ".." + median->newest,
                 remark});
      Json one = {{"device", device}};
      one.update(median_json(*median, kind));
      list.push_back(std::move(one));
    }
  }

  /// There are quotes, but none that counts.
  void left_out(const std::string& device, Kind kind, Table& table) const {
    int doubtful = 0, old = 0;
    for (const Quote& quote : book_.quotes) {
      if (quote.device != device || quote.kind != kind || !quote.region.starts_with(asked_.region)) continue;
      (prices::age(quote.date, today_) > prices::fresh_days ? old : doubtful) += 1;
    }
    if (old + doubtful == 0) return;
    std::string remark;
    if (old > 0) remark = fmt::format("{} older than a year", old);
    if (doubtful > 0) remark += fmt::format("{}{} doubtful", remark.empty() ? "" : ", ", doubtful);
    table.add({device, name(kind), 0, {}, {}, {}, remark});
  }

  static Cell range(const Median& median) {
    if (!median.spread) return {};
    return amount(median.spread->low) + " to " + amount(median.spread->high) +
           (median.is_percentiles ? " (P10 to P90)" : "");
  }

  void add(const Quote& quote, Table& table, Json& list) const {
    const int age = prices::age(quote.date, today_);
    const bool is_estimate = quote.known == prices::Known::estimate;
    std::string remark = age > prices::fresh_days ? "older than a year, does not count"
                         : age > prices::old_days ? fmt::format("older than {} days", prices::old_days)
                                                  : "";
    const auto also = [&](const std::string& text) { remark += (remark.empty() ? "" : "; ") + text; };
    if (!quote.doubt.empty())
      also("doubtful: " + quote.doubt);
    else if (is_estimate)
      also("an estimate, does not count");
    if (!quote.note.empty()) also(quote.note);
    Cell converted;
    if (rates_.can_convert({quote.currency}, asked_.currency)) {
      const double value = rates_.convert({quote.per_device(), {quote.currency}}, asked_.currency).amount;
      converted = {value, amount(value)};
    }
    table.add({name(quote.kind), quote.date, age, converted, as_quoted(quote), quote.provider, quote.region,
               quote.terms, remark, quote.source, quote.url});
    list.push_back({{"kind", name(quote.kind)},
                    {"date", quote.date},
                    {"age_days", age},
                    {"is_older_than_180_days", age > prices::old_days},
                    {"counts", age >= 0 && age <= prices::fresh_days && quote.doubt.empty() && !is_estimate},
                    {"amount", quote.amount},
                    {"quoted_currency", quote.currency},
                    {"devices", quote.devices},
                    {"per_device", quote.per_device()},
                    {"provider", quote.provider},
                    {"region", quote.region},
                    {"terms", quote.terms},
                    {"doubt", quote.doubt.empty() ? Json(nullptr) : Json(quote.doubt)},
                    {"source", quote.source},
                    {"url", quote.url}});
  }

  static std::string as_quoted(const Quote& quote) {
    std::string text = fmt::format("{:.10g} {}", quote.amount, quote.currency);
    if (prices::is_rent(quote.kind)) {
      const char* units[] = {"/h", "/month", "/year"};
      text += units[static_cast<int>(quote.per)];
    }
    if (quote.devices != 1) text += fmt::format(" for {:g}", quote.devices);
    return text;
  }

  void finish(Page& page, Json json) const {
    page.remarks.push_back(fmt::format(
        "Ages count from {}{}; medians are of quotes not older than {} days; those older than {} days are flagged.",
        today_, asked_.today.empty() ? ", the day of the newest quote" : "", prices::fresh_days, prices::old_days));
    for (const prices::DatedRate& rate : used_)
      page.remarks.push_back(fmt::format("Exchange rate: {} {} for 1 {} of {} ({}).", rate.rate, rate.to, rate.from,
                                         rate.date, rate.source));
    Json all = {{"schema_version", schema_version}, {"price_date", today_}, {"currency", asked_.currency.code}};
    all.update(json);
    all["exchange_rates"] = Json::array();
    for (const prices::DatedRate& rate : used_)
      all["exchange_rates"].push_back({{"from", rate.from},
                                       {"to", rate.to},
                                       {"rate", rate.rate},
                                       {"date", rate.date},
                                       {"source", rate.source},
                                       {"url", rate.url}});
    page.json = all.dump(2);
  }

  const Book& book_;
  const PricesAsked& asked_;
  const std::string today_;
  ExchangeRates rates_;
  std::vector<prices::DatedRate> used_;
};

}  // namespace

Page prices_page(const Book& book, const PricesAsked& asked) { return Listing(book, asked).all(); }

Page prices_page(const Book& book, const std::string& name, const PricesAsked& asked, scenario::Library& library) {
  const hardware::DeviceSpec* device = library.device(name);
  if (!device)
    throw InputError({Diagnostic{"command line",
                                 {},
                                 "",
                                 fmt::format("no '{}' among the devices", name),
                                 spelling_hint(name, library.device_names()),
                                 ""}});
  return Listing(book, asked).one(device->id);
}

}  // namespace chipmix::report
