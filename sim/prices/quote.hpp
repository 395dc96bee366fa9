// Public quotes of accelerators and dated exchange rates: files in hardware_profiles/prices/ and exchange_rates/, or
// what `chipmix import prices` wrote.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "io/shape.hpp"

namespace chipmix::prices {

/// Rent by the hour, for a term and interruptible; a device alone, and devices with their server or rack.
enum class Kind { on_demand, reserved, spot, device, server };
inline constexpr std::array all_kinds = {Kind::on_demand, Kind::reserved, Kind::spot, Kind::device, Kind::server};
const char* name(Kind kind);
inline bool is_rent(Kind kind) { return kind <= Kind::spot; }

/// What the amount of a rent is paid for. Months have 730 hours and years 8,760.
enum class Per { hour, month, year };
double hours(Per per);

/// How a quote is known: a price list, an offer to one buyer, the price of a tender, what the press reports, an
/// estimate.
enum class Known { list, quote, tender, press, estimate };

struct Quote {
  std::string device;  ///< id of the catalogue
  Kind kind = Kind::on_demand;
  double amount = 0;  ///< as the source says it
  std::optional<double> low, high;
  std::string currency;
  Per per = Per::hour;
  double devices = 1;  ///< that the amount is for
  std::string date;    ///< YYYY, YYYY-MM or YYYY-MM-DD
  std::string region, provider, terms;
  Known known = Known::list;
  std::string source, url, note;
  std::string doubt;  ///< why medians leave it out; empty: they do not

  /// Per device-hour for rent, per device for a purchase.
  double per_device() const;
};

struct QuoteFile {
  std::string id, name, about, collected;
  std::vector<Quote> quotes;
};

struct DatedRate {
  std::string from, to;
  double rate = 0;  ///< units of `to` for one unit of `from`
  std::string date, source, url;
};

struct RateFile {
  std::string id, name;
  std::vector<DatedRate> rates;
};

const io::Shape<Quote>& shape_of(io::Type<Quote>);
const io::Shape<QuoteFile>& shape_of(io::Type<QuoteFile>);
const io::Shape<DatedRate>& shape_of(io::Type<DatedRate>);
const io::Shape<RateFile>& shape_of(io::Type<RateFile>);
const io::Names<Kind>& names_of(io::Type<Kind>);
const io::Names<Per>& names_of(io::Type<Per>);
const io::Names<Known>& names_of(io::Type<Known>);

/// A file that can be read back.
std::string to_text(const QuoteFile& file);

}  // namespace chipmix::prices
