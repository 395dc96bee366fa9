// Fields of a power profile (hardware_profiles/power).
#pragma once

#include "economics/power.hpp"
#include "io/shape.hpp"

namespace chipmix::economics {

const io::Shape<PowerProfile>& shape_of(io::Type<PowerProfile>);

}  // namespace chipmix::economics
