#include "practice/usual_batch.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::practice {

double usual_batch_tokens(double tokens) {
  constexpr double least = 4e6, tokens_of_least = 1e12;
  return least * std::max(1.0, std::sqrt(tokens / tokens_of_least));
}

}  // namespace chipmix::practice
