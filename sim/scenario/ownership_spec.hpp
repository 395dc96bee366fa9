// The part of a scenario file that says what owning devices costs.
#pragma once

#include "economics/ownership.hpp"
#include "io/shape.hpp"

namespace chipmix::economics {

const io::Shape<Ownership>& shape_of(io::Type<Ownership>);

}  // namespace chipmix::economics
