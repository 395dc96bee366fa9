// What a purchase would cost were one thing different.
#pragma once

#include "scenario/procure.hpp"

namespace chipmix::scenario {

/// The same problem with something changed.
struct Change {
  std::string name;
  procurement::Problem problem;
  const procurement::Decision* known = nullptr;  ///< one that it allows
};

/// What the best decision of each costs, if there is any; side by side on so many threads.
std::vector<WhatIf> outcomes(const std::vector<Change>& changes, int jobs);

/// What a buyer asks first: rent only, buy only, the best mix of both, no new devices. What is owned already may work
/// in each, or be sold.
std::vector<Change> ways(const procurement::Problem& problem);
inline constexpr std::size_t best_way = 2;
/// One of them; the best of both, and what is the same problem, is decided already.
Way way(const Change& change, const Procurement& result);
/// A little more of each limit that is given. A decision of the problem is one of these too.
std::vector<Change> little_more(const procurement::Problem& problem, const procurement::Decision& decision);
/// Without the kind on which most is spent.
Change runner_up(const procurement::Problem& problem, const procurement::Decision& decision);

/// Of a problem without an answer: limits that, left out, would let it be done: one, or where no one is enough two, or
/// else all.
std::vector<WhatIf> conflicts(const procurement::Problem& problem, int jobs);

}  // namespace chipmix::scenario
