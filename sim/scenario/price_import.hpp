// A catalogue of prices as a file of prices, with devices found in the library.
#pragma once

#include <string>
#include <vector>

#include "prices/catalogue.hpp"
#include "scenario/library.hpp"

namespace chipmix::scenario {

/// `remarks`: what was left out, and why. Throws InputError with every fault of the text.
prices::QuoteFile import_prices(const std::string& file, const std::string& text, const std::string& id,
                                const prices::Import& import, Library& library, std::vector<std::string>& remarks);

}  // namespace chipmix::scenario
