// From seconds by account to an estimate's ledger.
#pragma once

#include "engine/accounts.hpp"
#include "estimate/estimate.hpp"

namespace chipmix::engine {

/// Replaces the estimate's ledger of time, and its step time, by these.
void charge(const Times& times, estimate::Estimate& estimate);

}  // namespace chipmix::engine
