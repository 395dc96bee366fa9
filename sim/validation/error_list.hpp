// Errors of runs collected and summarised.
#pragma once

#include <vector>

namespace chipmix::validation {

double mean(const std::vector<double>& list);
/// Of a sorted list; of an even number of elements the mean of the middle two. 0 of none.
double median(const std::vector<double>& sorted);
/// The element of a sorted list that this share of it lies below. 0 of none.
double quantile(const std::vector<double>& sorted, double share);
/// Absolute values, sorted.
std::vector<double> sizes(const std::vector<double>& errors);

}  // namespace chipmix::validation
