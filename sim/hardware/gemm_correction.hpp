// By how much a device's matrix products differ from the law near shapes that were measured:
// sim/laws/gemm_correction.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/sourced.hpp"
#include "io/shape.hpp"

namespace chipmix::hardware {

struct GemmCorrection {
  double rows_length = 1;                     ///< of ln m: how far a measured shape speaks for others
  double sides_length = 1;                    ///< of ln n and of ln k
  double spread = 0;                          ///< of the correction itself, of a log time
  double nugget = 0;                          ///< of what stays unexplained at a measured shape, of a log time
  std::vector<std::vector<double>> points{};  ///< [m, n, k, weight of a log time]
  Evidence grade = Evidence::assumed;
  std::string source{};
};

const io::Shape<GemmCorrection>& shape_of(io::Type<GemmCorrection>);

}  // namespace chipmix::hardware
