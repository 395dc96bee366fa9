#include "prices/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/currency_codes.hpp"
#include "base/words.hpp"
#include "io/document.hpp"
#include "io/folder.hpp"
#include "prices/day.hpp"

namespace chipmix::prices {
namespace fs = std::filesystem;
namespace {

template <class File>
File read_file(const fs::path& path, io::Diagnostics& diagnostics) {
  const io::Document document = io::Document::load(path);
  const std::size_t before = diagnostics.size();
  std::optional<File> file = io::read<File>(document.root(diagnostics));
  return file && diagnostics.size() == before ? std::move(*file) : File{};
}

/// The files of a kind, by name; the first folder that has one wins.
std::vector<fs::path> files_of(const std::vector<fs::path>& folders, const char* kind) {
  std::vector<fs::path> list;
  std::set<std::string> names;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : io::files_in(folder / kind))
      if (names.insert(file.filename()).second) list.push_back(file);
  }
  return list;
}

/// Between ranks, h = (n - 1) p + 1.
double quantile(const std::vector<double>& sorted, double p) {
  const double at = static_cast<double>(sorted.size() - 1) * p;
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

bool is_earlier(const std::string& one, const std::string& other) { return age(one, other) > 0; }

void note(Median& median, const Quote& quote) {
  ++median.count;
  if (age(quote.date, median.today) > old_days) ++median.old;
  if (median.oldest.empty() || is_earlier(quote.date, median.oldest)) median.oldest = quote.date;
  if (median.newest.empty() || is_earlier(median.newest, quote.date)) median.newest = quote.date;
  add_once(median.sources, quote.source);
  add_once(median.regions, quote.region);
}

}  // namespace

std::string Book::newest() const {
  std::string day;
  for (const Quote& quote : quotes)
    if (day.empty() || is_earlier(day, quote.date)) day = quote.date;
  return day;
}

const DatedRate* Book::rate(const std::string& one, const std::string& other, const std::string& today) const {
  const DatedRate* best = nullptr;
  for (const DatedRate& rate : rates) {
    if (!((rate.from == one && rate.to == other) || (rate.from == other && rate.to == one))) continue;
    const bool is_known = !is_earlier(today, rate.date);
    const bool was_known = best && !is_earlier(today, best->date);
    if (!best || (is_known && (!was_known || is_earlier(best->date, rate.date))) ||
        (!is_known && !was_known && is_earlier(rate.date, best->date)))
      best = &rate;
  }
  return best;
}

std::vector<DatedRate> Book::complete(ExchangeRates& known, const Currency& from, const Currency& to,
                                      const std::string& today) const {
  std::vector<DatedRate> added;
  const auto take = [&](const DatedRate& rate) {
    known.set({rate.from}, {rate.to}, rate.rate);
    added.push_back(rate);
  };
  if (known.can_convert(from, to)) return added;
  if (const DatedRate* direct = rate(from.code, to.code, today)) {
    take(*direct);
    return added;
  }
  std::set<std::string> others;
  for (const DatedRate& rate : rates) others.insert({rate.from, rate.to});
  for (const std::string& other : others) {
    const DatedRate* first = rate(from.code, other, today);
    const DatedRate* second = rate(other, to.code, today);
    const bool has_first = known.can_convert(from, {other}), has_second = known.can_convert({other}, to);
    if (!(has_first || first) || !(has_second || second)) continue;
    ExchangeRates tried = known;
    if (!has_first) tried.set({first->from}, {first->to}, first->rate);
    if (!has_second) tried.set({second->from}, {second->to}, second->rate);
    if (!tried.can_convert(from, to)) continue;
    if (!has_first) take(*first);
    if (!has_second) take(*second);
    return added;
  }
  return added;
}

QuoteFile read_quotes(const fs::path& path) {
  io::Diagnostics diagnostics;
  const io::Document document = io::Document::load(path);
  const io::Value root = document.root(diagnostics);
  const std::optional<QuoteFile> file = io::read<QuoteFile>(root);
  for (std::size_t i = 0; file && i < file->quotes.size(); ++i) {
    const io::Value quote = root.find("quotes")->as_list().at(i);
    const auto& [date, currency] = std::tie(file->quotes[i].date, file->quotes[i].currency);
    if (const std::string future = day_number(date) ? future_fault(date) : ""; !future.empty())
      quote.find("date")->error(future, "a price of a day to come would make all others look older");
    if (quote.find("currency") && currency.size() == 3 && !is_currency_code(currency))
      quote.find("currency")
          ->error(fmt::format("'{}' is not a currency that chipmix knows", currency), currency_hint(currency));
  }
  diagnostics.throw_if_any();
  return *file;
}

Book read_book(const std::vector<fs::path>& folders) {
  Book book;
  io::Diagnostics diagnostics;
  for (const fs::path& path : files_of(folders, "prices"))
    for (Quote& quote : read_file<QuoteFile>(path, diagnostics).quotes) book.quotes.push_back(std::move(quote));
  for (const fs::path& path : files_of(folders, "exchange_rates"))
    for (DatedRate& rate : read_file<RateFile>(path, diagnostics).rates) book.rates.push_back(std::move(rate));
  diagnostics.throw_if_any();
  return book;
}

std::string Median::words(Kind kind) const {
  std::string text = fmt::format("{} {} ({})", count == 1 ? "one" : fmt::format("median of {}", count),
                                 noun(count, "public quote"), name(kind));
  text += oldest == newest ? " of " + oldest : fmt::format(" of {}..{}", oldest, newest);
  if (spread)
    text += fmt::format(", {} {:.3g} to {:.3g} {}{}", is_percentiles ? "P10 to P90" : "range", spread->low,
                        spread->high, currency.code, is_rent(kind) ? "/h" : "");
  if (old > 0)
    text += fmt::format("; {} older than {} days on {}", old == count ? "all" : std::to_string(old), old_days, today);
  return text;
}

std::optional<Median> median_quote(const Book& book, const std::string& device, Kind kind, const std::string& today,
                                   const Currency& currency, const ExchangeRates& rates, const std::string& region) {
  Median median;
  median.currency = currency;
  median.today = today;
  std::vector<double> values;
  std::optional<Interval<double>> own;
  for (const Quote& quote : book.quotes) {
    const int days = age(quote.date, today);
    if (quote.device != device || quote.kind != kind || days < 0 || days > fresh_days) continue;
    if (!quote.region.starts_with(region) || !rates.can_convert({quote.currency}, currency)) continue;
    if (!quote.doubt.empty() || quote.known == Known::estimate) {
      ++median.doubtful;
      continue;
    }
    const double price = rates.convert({quote.per_device(), {quote.currency}}, currency).amount;
    values.push_back(price);
    if (quote.low) own = {price * *quote.low / quote.amount, price * *quote.high / quote.amount};
    note(median, quote);
  }
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  constexpr double low = 0.1, middle = 0.5, high = 0.9;
  median.value = quantile(values, middle);
  median.is_percentiles = median.count >= least_for_percentiles;
  if (median.is_percentiles)
    median.spread = {quantile(values, low), quantile(values, high)};
  else if (median.count > 1)
    median.spread = {values.front(), values.back()};
  else
    median.spread = own;
  return median;
}

std::optional<Median> median_quote(const Book& book, const std::string& device, Kind kind, const std::string& today,
                                   const Currency& currency) {
  ExchangeRates rates;
  for (const Quote& quote : book.quotes)
    if (quote.device == device && quote.kind == kind) book.complete(rates, {quote.currency}, currency, today);
  return median_quote(book, device, kind, today, currency, rates);
}

}  // namespace chipmix::prices
