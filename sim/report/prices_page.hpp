// Pages of dated prices: all devices by kind, or every quote of one.
#pragma once

#include "prices/book.hpp"
#include "report/page.hpp"
#include "scenario/library.hpp"

namespace chipmix::report {

struct PricesAsked {
  std::string today;  ///< from which ages count; empty: the day of the newest quote
  Currency currency = {"USD"};
  std::string region;  ///< only quotes whose region begins so; empty: all
};

/// The medians of every device and kind.
Page prices_page(const prices::Book& book, const PricesAsked& asked);
/// The medians and quotes of one device, the newest first. Throws InputError when the device is unknown.
Page prices_page(const prices::Book& book, const std::string& device, const PricesAsked& asked,
                 scenario::Library& library);

}  // namespace chipmix::report
