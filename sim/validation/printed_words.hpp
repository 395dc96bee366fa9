// What sources print of releases, degrees and links, found in words of any length in one pass.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dtype.hpp"

namespace chipmix::validation {

/// "bf16", "mxfp8", "fp8_cs": the number format of the products. Four-bit products are taken to run at the 8-bit rate:
/// no profile has a measured four-bit one.
std::optional<Dtype> format_in(std::string_view words);

/// "2024-06" or "2024"; "24.06" or "24.06.01" as containers are numbered. Month and day are 0 where they are not said.
struct PrintedRelease {
  int year = 0, month = 0, day = 0;
};
std::optional<PrintedRelease> release_in(std::string_view words);

/// "TP8 PP16 MBS1 ZeRO-3": each with its name, "TP", ..., "ZeRO-".
struct PrintedDegree {
  std::string name;
  int value = 0;
};
std::vector<PrintedDegree> all_degrees_in(std::string_view words);

/// "8x 400 Gb/s", "HDR200 Gbps", "3.2 Tb/s", "600 GB/s": the first rate, and the count before it.
struct PrintedRate {
  std::optional<double> count;
  double bytes_per_s = 0;
};
std::optional<PrintedRate> rate_in(std::string_view words);

}  // namespace chipmix::validation
