#include "validation/error_list.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::validation {

double mean(const std::vector<double>& list) {
  double sum = 0;
  for (double x : list) sum += x;
  return list.empty() ? 0 : sum / static_cast<double>(list.size());
}

double median(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  if (n == 0) return 0;
  return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

std::vector<double> sizes(const std::vector<double>& errors) {
  std::vector<double> list;
  for (double x : errors) list.push_back(std::abs(x));
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace chipmix::validation
