// Price catalogues that people have, as CSV: known by their header, read row by row.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "prices/quote.hpp"

namespace chipmix::prices {

/// What a catalogue does not say of its rows.
struct Import {
  std::string date;      ///< for rows without one
  std::string provider;  ///< likewise
  std::string source;
};

/// The id of a device by a catalogue's name for it and the memory it states, in gigabytes (0: none stated).
using FindDevice = std::function<std::optional<std::string>(const std::string& name, double memory)>;

struct Imported {
  std::string format;  ///< "gpuhunt", "SkyPilot" or "plain"
  std::vector<Quote> quotes;
  std::map<std::string, int> unknown;  ///< devices that chipmix has no profile of, and their rows
  int without_device = 0;              ///< rows of machines without accelerators
  int repeated = 0;                    ///< rows that say the same again, such as for another zone
};

/// Formats:
///   gpuhunt (dstack)  instance_name, location, price, gpu_count, gpu_name, gpu_memory, spot, ...: USD/h of an instance
///   SkyPilot          InstanceType, AcceleratorName, AcceleratorCount, Price, SpotPrice, Region, ...: likewise
///   plain             device, price, currency; and any of kind, per, devices, date, region, provider, terms, source,
///   url
/// Columns are found by name, in any order. A device that is not known is an error in a plain table and left out of the
/// others, which list all there is. Throws InputError with every fault of the text.
Imported read_catalogue(const std::string& file, const std::string& text, const Import& import, const FindDevice& find);

}  // namespace chipmix::prices
