// Pages that show what chipmix knows: devices, nodes, links, fabrics, stacks, models.
#pragma once

#include <string>

#include "report/page.hpp"
#include "scenario/library.hpp"

namespace chipmix::report {

/// All profiles of a kind ("devices", "nodes", "links", "fabrics", "stacks", "models"), a row each.
Page list_page(const std::string& kind, scenario::Library& library);

/// One profile in full: every figure with its range, grade and source; a model with its operators. `id` may be an alias
/// or, for a model, a path. Throws InputError when there is none.
Page detail_page(const std::string& kind, const std::string& id, scenario::Library& library);

}  // namespace chipmix::report
