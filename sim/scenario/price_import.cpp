#include "scenario/price_import.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "base/words.hpp"

namespace chipmix::scenario {
namespace {

/// Catalogues write "A100-80GB", "RTX 4090", "H100_SXM"; profiles are named in lower case.
std::string plain_name(const std::string& name) {
  std::string text;
  for (const char c : name)
    text += c == ' ' || c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// With the memory in its name first, then without the form factor that only one product has. Memory that a catalogue
/// states must be the profile's, within what GB, GiB and usable memory differ by.
std::optional<std::string> find_device(Library& library, const std::string& name, double memory) {
  constexpr double most_apart = 0.12, giga = 1e9;
  const std::string plain = plain_name(name);
  std::vector<std::string> names = {plain};
  if (memory > 0) names.insert(names.begin(), fmt::format("{}-{:.0f}gb", plain, memory));
  for (const char* form : {"-sxm", "-sxm4", "-sxm5"})
    if (plain.ends_with(form)) names.push_back(plain.substr(0, plain.size() - std::string(form).size()));
  for (const std::string& one : names) {
    const hardware::DeviceSpec* device = library.device(one);
    if (!device) continue;
    if (memory <= 0 || std::abs(device->memory.value.value() / giga / memory - 1) <= most_apart) return device->id;
  }
  return std::nullopt;
}

}  // namespace

prices::QuoteFile import_prices(const std::string& file, const std::string& text, const std::string& id,
                                const prices::Import& import, Library& library, std::vector<std::string>& remarks) {
  const prices::FindDevice find = [&](const std::string& name, double memory) {
    return find_device(library, name, memory);
  };
  prices::Imported made = prices::read_catalogue(file, text, import, find);
  int unknown = 0;
  std::string names;
  for (const auto& [name, rows] : made.unknown) unknown += rows, names += (names.empty() ? "" : ", ") + name;
  remarks.push_back(fmt::format("{} prices read from a {} table", made.quotes.size(), made.format));
  if (unknown > 0)
    remarks.push_back(fmt::format("{} of devices without a profile left out: {}", counted(unknown, "row"), names));
  if (made.without_device > 0) remarks.push_back(counted(made.without_device, "row") + " without a device left out");
  if (made.repeated > 0)
    remarks.push_back(fmt::format("{} that {} another left out", counted(made.repeated, "row"),
                                  noun(made.repeated, "repeats", "repeat")));
  if (made.quotes.empty())
    throw InputError({Diagnostic{file,
                                 {},
                                 "",
                                 "no row has a price of a device that chipmix knows",
                                 "'chipmix devices' lists those it knows",
                                 ""}});
  return {id, "Prices of " + import.source, "", import.date, std::move(made.quotes)};
}

}  // namespace chipmix::scenario
