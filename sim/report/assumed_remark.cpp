#include "report/assumed_remark.hpp"

#include <fmt/format.h>

namespace chipmix::report {

void add_assumed(const workload::ModelSpec& model, std::vector<std::string>& remarks) {
  for (const std::string& assumed : model.assumed)
    remarks.push_back(fmt::format("Assumed of {}: {}.", model.name, assumed));
}

}  // namespace chipmix::report
