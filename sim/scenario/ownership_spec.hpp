// The part of a scenario file that says what owning devices costs.
#pragma once

#include "economics/ownership.hpp"
#include "io/shape.hpp"

namespace chipmix::economics {

const io::Shape<Ownership>& shape_of(io::Type<Ownership>);

/// What is not said of a device's worth at its end follows from its life, as published (economic_value).
void complete(std::optional<Ownership>& own);

}  // namespace chipmix::economics
