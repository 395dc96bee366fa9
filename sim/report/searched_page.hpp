// `validate --searched`: plans found by search beside the best published plans of the same jobs.
#pragma once

#include <vector>

#include "practice/belief.hpp"
#include "report/page.hpp"
#include "validation/searched.hpp"

namespace chipmix::report {

/// `belief`: what is expected of tuned practice, which the factors are set beside.
Page searched_page(const std::vector<validation::SearchedJob>& jobs, const practice::Belief& belief);

}  // namespace chipmix::report
