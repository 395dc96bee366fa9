// What main() registers.
#pragma once

namespace chipmix::bench {

void register_estimates();
void register_events();
void register_readings();
void register_purchases();
void register_searches();

}  // namespace chipmix::bench
