// All quotes and rates together, and what a device costs by them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/sourced.hpp"
#include "prices/quote.hpp"

namespace chipmix::prices {

inline constexpr int fresh_days = 365;  ///< quotes that are older do not count
inline constexpr int old_days = 180;    ///< quotes that are older are flagged

struct Book {
  std::vector<Quote> quotes;
  std::vector<DatedRate> rates;

  /// The day of the newest quote: from there ages count where nothing else is said, so that an answer stays the same.
  std::string newest() const;

  /// The newest rate of the pair, either way round, that is not younger than `today`; if all are, the oldest.
  const DatedRate* rate(const std::string& one, const std::string& other, const std::string& today) const;

  /// Adds to `rates` what it lacks to turn `from` into `to`: the pair's own rate, or two over a common currency. What
  /// `rates` can convert already stays as it is. Returns what was added; nothing, where no rate is known.
  std::vector<DatedRate> complete(ExchangeRates& rates, const Currency& from, const Currency& to,
                                  const std::string& today) const;
};

/// Reads all files of the folders' `prices` and `exchange_rates`. The same file name in an earlier folder hides a later
/// one. Throws InputError with the faults of all files.
Book read_book(const std::vector<std::filesystem::path>& folders);

QuoteFile read_quotes(const std::filesystem::path& path);

/// The law: the median of quotes of the device and kind that are not doubted, nor estimates, and not older than
/// `fresh_days` at `today` nor younger than it. Each quote counts once, per device(-hour), in the wanted currency.
/// Its spread: from the 10th to the 90th percentile, interpolated between ranks (h = (n - 1) p + 1); of fewer than
/// `least_for_percentiles` quotes the smallest and the largest; of one its own range, if it has one.
struct Median {
  double value = 0;  ///< per device-hour for rent, per device for a purchase
  Currency currency;
  std::optional<Interval<double>> spread;
  bool is_percentiles = false;
  int count = 0;
  int old = 0;       ///< of those older than `old_days`
  int doubtful = 0;  ///< fresh ones left out
  std::string oldest, newest;
  std::string today;
  std::vector<std::string> sources;  ///< each once
  std::vector<std::string> regions;  ///< each once

  /// "median of 12 public quotes (on-demand) of 2026-01-01..2026-11-09, P10 to P90 1.9 to 7 USD".
  std::string words(Kind kind) const;
};

inline constexpr int least_for_percentiles = 5;

/// Nothing: no quote counts, or none can be turned into the currency. `region`: only quotes whose region begins so;
/// empty: all.
std::optional<Median> median_quote(const Book& book, const std::string& device, Kind kind, const std::string& today,
                                   const Currency& currency, const ExchangeRates& rates,
                                   const std::string& region = {});

/// The same with the book's rates alone.
std::optional<Median> median_quote(const Book& book, const std::string& device, Kind kind, const std::string& today,
                                   const Currency& currency = {"USD"});

}  // namespace chipmix::prices
