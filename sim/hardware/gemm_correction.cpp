#include "hardware/gemm_correction.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::hardware {
namespace {

constexpr double most_weight = 10;  // of a log time: far beyond what a kernel's choice moves
constexpr double longest_side = 1e9;

bool is_point(const std::vector<double>& point) {
  const auto is_side = [](double side) { return side >= 1 && side <= longest_side; };
  return point.size() == 4 && std::all_of(point.begin(), point.begin() + 3, is_side) &&
         std::abs(point[3]) <= most_weight;
}

void check_points(const GemmCorrection& correction, const io::Value& value) {
  if (!std::all_of(correction.points.begin(), correction.points.end(), is_point))
    value.find("points")->error("expected [m, n, k, weight] with sizes of at least 1 and a weight between -10 and 10",
                                "for example [4096, 8192, 8192, 0.03]");
}

}  // namespace

const io::Shape<GemmCorrection>& shape_of(io::Type<GemmCorrection>) {
  static const auto shape =
      io::Shape<GemmCorrection>(
          "correction of matrix products",
          "What matrix products take beyond the law near measured shapes, as chipmix calibrate writes it.")
          .required("rows_length", &GemmCorrection::rows_length,
                    "How far, in the log of m, a measured shape speaks for others.", io::positive<double>())
          .required("sides_length", &GemmCorrection::sides_length, "The same in the logs of n and of k.",
                    io::positive<double>())
          .required("spread", &GemmCorrection::spread, "Standard deviation of the correction, of a log time.",
                    io::not_negative<double>())
          .required("nugget", &GemmCorrection::nugget,
                    "Standard deviation of what stays unexplained at a measured shape, of a log time.",
                    io::not_negative<double>())
          .required("points", &GemmCorrection::points, "The measured shapes, each [m, n, k, weight of a log time].")
          .required("grade", &GemmCorrection::grade, "How the correction is known.")
          .required("source", &GemmCorrection::source, "What was measured.", io::not_empty<std::string>())
          .check(check_points);
  return shape;
}

}  // namespace chipmix::hardware
