#include "prices/quote.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "prices/day.hpp"

namespace chipmix::prices {
namespace {

constexpr double hours_of_month = 730, hours_of_year = 8760;

io::Rule<std::string> date() {
  return {[](const std::string& text) { return day_number(text).has_value(); },
          "must be a day as YYYY-MM-DD, or a month or year where the source says no more",
          R"("pattern":"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")"};
}

io::Rule<std::string> currency() {
  const auto holds = [](const std::string& code) {
    return code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  return {holds, "must be a code of three capitals, such as CNY", R"("pattern":"^[A-Z]{3}$")"};
}

template <class E>
std::string named(E value) {
  for (const auto& [text, one] : names_of(io::Type<E>{}))
    if (one == value) return text;
  return {};
}

void check(const Quote& quote, const io::Value& value) {
  if (!is_rent(quote.kind) && value.find("per"))
    value.find("per")->error_at_key("'per' in the price of a purchase", "it is paid once");
  if (quote.low.has_value() != quote.high.has_value())
    value.error("a range with one end", "give both 'low' and 'high', or neither");
  else if (quote.low && !(*quote.low <= quote.amount && quote.amount <= *quote.high))
    value.find("amount")->error("the amount lies outside its range", "low must be at most, high at least the amount");
}

}  // namespace

const char* name(Kind kind) {
  constexpr std::array names = {"on-demand", "reserved", "spot", "device", "server"};
  return names[static_cast<std::size_t>(kind)];
}

double hours(Per per) { return per == Per::hour ? 1 : per == Per::month ? hours_of_month : hours_of_year; }

double Quote::per_device() const { return amount / devices / (is_rent(kind) ? hours(per) : 1); }

const io::Names<Kind>& names_of(io::Type<Kind>) {
  static const auto names = [] {
    io::Names<Kind> all;
    for (const Kind kind : all_kinds) all.emplace_back(name(kind), kind);
    return all;
  }();
  return names;
}

const io::Names<Per>& names_of(io::Type<Per>) {
  static const io::Names<Per> names = {{"hour", Per::hour}, {"month", Per::month}, {"year", Per::year}};
  return names;
}

const io::Names<Known>& names_of(io::Type<Known>) {
  static const io::Names<Known> names = {{"list", Known::list},
                                         {"quote", Known::quote},
                                         {"tender", Known::tender},
                                         {"press", Known::press},
                                         {"estimate", Known::estimate}};
  return names;
}

const io::Shape<Quote>& shape_of(io::Type<Quote>) {
  static const auto shape =
      io::Shape<Quote>("quote", "One price that someone published or offered.")
          .required("device", &Quote::device, "Id of a device.", io::not_empty<std::string>())
          .required("kind", &Quote::kind, "Rent on demand, reserved or spot; a device alone, or with its server.")
          .required("amount", &Quote::amount, "As the source says it, for all `devices`.", io::more_than(0.0))
          .optional("low", &Quote::low, "Lower end, where the source gives a range.", io::more_than(0.0))
          .optional("high", &Quote::high, "Upper end, where the source gives a range.", io::more_than(0.0))
          .required("currency", &Quote::currency, "Currency code.", currency())
          .optional("per", &Quote::per, "What a rent is paid for: an hour, a month of 730 hours, a year of 8,760.")
          .optional("devices", &Quote::devices, "Devices that the amount is for.", io::more_than(0.0))
          .required("date", &Quote::date, "Day of the price; a month or year where no more is known.", date())
          .optional("region", &Quote::region, "Where it holds.")
          .optional("provider", &Quote::provider, "Who offers it.")
          .optional("terms", &Quote::terms, "What it comes with: instance, length, tier.")
          .optional("evidence", &Quote::known, "How it is known.")
          .required("source", &Quote::source, "Where it was read.", io::not_empty<std::string>())
          .optional("url", &Quote::url, "Page of the source.")
          .optional("note", &Quote::note, "What else to know.")
          .optional("doubt", &Quote::doubt, "Why medians leave it out.", io::not_empty<std::string>())
          .check(check);
  return shape;
}

const io::Shape<QuoteFile>& shape_of(io::Type<QuoteFile>) {
  static const auto shape =
      io::Shape<QuoteFile>("prices", "Dated prices of devices.")
          .ignored("$schema", "For editors.")
          .required("id", &QuoteFile::id, "Name of the file without its ending.", io::not_empty<std::string>())
          .required("name", &QuoteFile::name, "Title.", io::not_empty<std::string>())
          .optional("about", &QuoteFile::about, "What the quotes are.")
          .optional("collected", &QuoteFile::collected, "Day on which they were looked up.", date())
          .required("quotes", &QuoteFile::quotes, "The prices.", io::not_empty<std::vector<Quote>>());
  return shape;
}

const io::Shape<DatedRate>& shape_of(io::Type<DatedRate>) {
  static const auto shape =
      io::Shape<DatedRate>("dated exchange rate", "How many units of `to` bought one unit of `from`, and when.")
          .required("from", &DatedRate::from, "Currency code.", currency())
          .required("to", &DatedRate::to, "Currency code.", currency())
          .required("rate", &DatedRate::rate, "Units of `to` for one unit of `from`.", io::more_than(0.0))
          .required("date", &DatedRate::date, "Its day, or month.", date())
          .required("source", &DatedRate::source, "Who published it.", io::not_empty<std::string>())
          .optional("url", &DatedRate::url, "Page of the source.");
  return shape;
}

const io::Shape<RateFile>& shape_of(io::Type<RateFile>) {
  static const auto shape =
      io::Shape<RateFile>("exchange rates", "Rates used where a scenario gives none.")
          .ignored("$schema", "For editors.")
          .required("id", &RateFile::id, "Name of the file without its ending.", io::not_empty<std::string>())
          .required("name", &RateFile::name, "Title.", io::not_empty<std::string>())
          .required("rates", &RateFile::rates, "The rates.", io::not_empty<std::vector<DatedRate>>());
  return shape;
}

std::string to_text(const QuoteFile& file) {
  using Json = nlohmann::ordered_json;
  Json head = {{"id", file.id}, {"name", file.name}};
  if (!file.about.empty()) head["about"] = file.about;
  if (!file.collected.empty()) head["collected"] = file.collected;
  std::string text = head.dump(2);
  text = text.substr(0, text.size() - 2) + ",\n  \"quotes\": [\n";
  for (std::size_t i = 0; i < file.quotes.size(); ++i) {
    const Quote& quote = file.quotes[i];
    Json one = {
        {"device", quote.device}, {"kind", name(quote.kind)}, {"amount", quote.amount}, {"currency", quote.currency}};
    if (quote.per != Per::hour) one["per"] = named(quote.per);
    if (quote.devices != 1) one["devices"] = quote.devices;
    if (quote.low) one["low"] = *quote.low, one["high"] = *quote.high;
    one["date"] = quote.date;
    const auto add = [&](const char* key, const std::string& words) {
      if (!words.empty()) one[key] = words;
    };
    add("region", quote.region);
    add("provider", quote.provider);
    add("terms", quote.terms);
    one["evidence"] = named(quote.known);
    one["source"] = quote.source;
    add("url", quote.url);
    add("note", quote.note);
    add("doubt", quote.doubt);
    text += "    " + one.dump() + (i + 1 < file.quotes.size() ? ",\n" : "\n");
  }
  return text + "  ]\n}\n";
}

}  // namespace chipmix::prices
