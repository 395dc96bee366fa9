#include "prices/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/currency_codes.hpp"
#include "base/spelling.hpp"
#include "io/scanner.hpp"
#include "prices/csv.hpp"
#include "prices/day.hpp"

namespace chipmix::prices {
namespace {

const std::vector<std::string> plain_columns = {"device", "price",    "currency", "kind",  "per",    "devices",
                                                "date",   "provider", "region",   "terms", "source", "url"};

class Catalogue {
 public:
  Catalogue(const std::string& file, const std::string& text, const Import& import, const FindDevice& find)
      : csv_(file, text), import_(import), find_(find) {}

  Imported run() {
    const auto has = [&](std::initializer_list<const char*> names) {
      return std::all_of(names.begin(), names.end(), [&](const char* one) { return csv_.has(one); });
    };
    if (has({"instance_name", "location", "price", "gpu_count", "gpu_name", "spot"}))
      rows("gpuhunt", &Catalogue::gpuhunt);
    else if (has({"InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region"}))
      rows("SkyPilot", &Catalogue::skypilot);
    else if (has({"device", "price"}))
      plain();
    else
      csv_.fault_of_header("no catalogue of prices has these columns",
                           "known are those of gpuhunt (instance_name, location, price, gpu_count, gpu_name, spot), of "
                           "SkyPilot (InstanceType, AcceleratorName, AcceleratorCount, Price, Region), and a plain "
                           "table: device, price, currency");
    csv_.throw_if_any();
    return std::move(result_);
  }

 private:
  void rows(const char* format, void (Catalogue::*row)()) {
    result_.format = format;
    if (import_.date.empty())
      csv_.fault_of_header("the catalogue does not give its date", "give it: --date YYYY-MM-DD");
    while (csv_.next()) (this->*row)();
  }

  void gpuhunt() {
    const std::string name = csv_.text("gpu_name");
    if (name.empty() || csv_.text("gpu_count") == "0") return void(++result_.without_device);
    const auto price = positive("price"), count = positive("gpu_count");
    double memory = 0;
    if (csv_.has("gpu_memory") && !csv_.text("gpu_memory").empty()) memory = positive("gpu_memory").value_or(0);
    const std::string spot = csv_.text("spot");
    if (spot != "True" && spot != "False")
      csv_.fault("spot", fmt::format("expected True or False, found '{}'", spot),
                 "spot says whether it is interruptible");
    if (!price || !count) return;
    Quote quote;
    quote.kind = spot == "True" ? Kind::spot : Kind::on_demand;
    quote.amount = *price;
    quote.devices = *count;
    quote.region = csv_.text("location");
    quote.terms = csv_.text("instance_name");
    add(std::move(quote), name, memory);
  }

  /// Names without a memory are of the smaller one there. An empty or zero spot price means there is none.
  void skypilot() {
    const std::string name = csv_.text("AcceleratorName");
    if (name.empty()) return void(++result_.without_device);
    const auto count = positive("AcceleratorCount");
    constexpr double small_a100 = 40, small_v100 = 16;
    const double memory = name == "A100" ? small_a100 : name == "V100" ? small_v100 : 0;
    for (const auto& [column, kind] : {std::pair("Price", Kind::on_demand), std::pair("SpotPrice", Kind::spot)}) {
      if (!csv_.has(column) || csv_.text(column).empty()) continue;
      if (kind == Kind::spot && number(csv_.text(column)) == 0.0) continue;
      const auto price = positive(column);
      if (!price || !count) continue;
      Quote quote;
      quote.kind = kind;
      quote.amount = *price;
      quote.devices = *count;
      quote.region = csv_.text("Region");
      quote.terms = csv_.text("InstanceType");
      add(std::move(quote), name, memory);
    }
  }

  void plain() {
    result_.format = "plain";
    for (const std::string& column : csv_.columns())
      if (std::find(plain_columns.begin(), plain_columns.end(), column) == plain_columns.end())
        csv_.fault_of_column(column, fmt::format("unknown column '{}'", column), spelling_hint(column, plain_columns));
    if (!csv_.has("currency"))
      csv_.fault_of_header("no column 'currency'", "say in which currency each price is, such as USD");
    if (!csv_.has("date") && import_.date.empty())
      csv_.fault_of_header("no column 'date', and no day given for all", "add the column, or give --date YYYY-MM-DD");
    while (csv_.next()) plain_row();
  }

  void plain_row() {
    Quote quote;
    const auto price = positive("price");
    if (csv_.given("devices")) quote.devices = positive("devices").value_or(1);
    choose("kind", quote.kind);
    choose("per", quote.per);
    quote.currency = csv_.text("currency");
    const bool is_code = quote.currency.size() == 3 && std::all_of(quote.currency.begin(), quote.currency.end(),
                                                                   [](char c) { return c >= 'A' && c <= 'Z'; });
    if (csv_.has("currency") && !is_code)
      csv_.fault("currency", fmt::format("'{}' is not a code of three capitals", quote.currency), "such as CNY");
    else if (csv_.has("currency") && !is_currency_code(quote.currency))
      csv_.fault("currency", fmt::format("'{}' is not a currency that chipmix knows", quote.currency),
                 currency_hint(quote.currency));
    quote.date = csv_.text("date");
    if (csv_.given("date") && !day_number(quote.date))
      csv_.fault("date", fmt::format("'{}' is not a day as YYYY-MM-DD", quote.date));
    else if (const std::string future = csv_.given("date") ? future_fault(quote.date) : ""; !future.empty())
      csv_.fault("date", future, "a price of a day to come would make all others look older");
    else if (csv_.has("date") && quote.date.empty() && import_.date.empty())
      csv_.fault("date", "no day, and none given for all", "give --date YYYY-MM-DD");
    for (const auto& [column, member] :
         {std::pair("region", &Quote::region), std::pair("provider", &Quote::provider),
          std::pair("terms", &Quote::terms), std::pair("source", &Quote::source), std::pair("url", &Quote::url)})
      quote.*member = csv_.text(column);
    const std::string name = csv_.text("device");
    if (!find_(name, 0))
      csv_.fault("device", fmt::format("unknown device '{}'", name), "'chipmix devices' lists them");
    else if (price) {
      quote.amount = *price;
      add(std::move(quote), name, 0);
    }
  }

  template <class E>
  void choose(const char* column, E& chosen) {
    if (!csv_.given(column)) return;
    std::vector<std::string> names;
    for (const auto& [name, value] : names_of(io::Type<E>{})) {
      if (name == csv_.text(column)) return void(chosen = value);
      names.push_back(name);
    }
    csv_.fault(column, fmt::format("'{}' is none of {}", csv_.text(column), fmt::join(names, ", ")),
               spelling_hint(csv_.text(column), names));
  }

  static std::optional<double> number(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
  }

  std::optional<double> positive(const char* column) {
    const std::string text = csv_.text(column);
    const auto value = number(text);
    if (value && *value > 0) return value;
    csv_.fault(column, value ? fmt::format("must be more than 0, found {}", text)
                             : fmt::format("expected a number, found '{}'", text));
    return std::nullopt;
  }

  void add(Quote quote, const std::string& name, double memory) {
    const auto device = find_(name, memory);
    if (!device) return void(++result_.unknown[name]);
    quote.device = *device;
    if (quote.currency.empty()) quote.currency = "USD";  // of both catalogues
    if (quote.date.empty()) quote.date = import_.date;
    if (quote.provider.empty()) quote.provider = import_.provider;
    if (quote.source.empty()) quote.source = import_.source;
    const std::string key =
        fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}", quote.device, name_of(quote.kind), quote.amount, quote.devices,
                    quote.currency, quote.date, quote.region, quote.provider, quote.terms);
    if (!seen_.insert(key).second) return void(++result_.repeated);
    result_.quotes.push_back(std::move(quote));
  }

  static const char* name_of(Kind kind) { return prices::name(kind); }

  Csv csv_;
  const Import& import_;
  const FindDevice& find_;
  Imported result_;
  std::set<std::string> seen_;
};

}  // namespace

Imported read_catalogue(const std::string& file, const std::string& text, const Import& import,
                        const FindDevice& find) {
  return Catalogue(file, text, import, find).run();
}

}  // namespace chipmix::prices
