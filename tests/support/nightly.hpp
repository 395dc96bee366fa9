// How much more a night has time for than ./test.
#pragma once

#include <cstdlib>

namespace chipmix::support {

/// Random cases of a property in a run of the tests; ./test --nightly tries so many times as many.
inline int cases(int usual) {
  constexpr int times_at_night = 13;  // 1,600 draws of step_property.cpp become 20,800
  return std::getenv("CHIPMIX_NIGHTLY") ? times_at_night * usual : usual;
}

}  // namespace chipmix::support
