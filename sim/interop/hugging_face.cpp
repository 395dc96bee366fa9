// A config.json as models/ keeps it: checked, and with an object that says who it is.
#include <nlohmann/json.hpp>

#include "interop/interop.hpp"
#include "workload/hf_config.hpp"

namespace chipmix::interop {

std::string import_hf(const io::Document& document, const std::string& id, std::vector<std::string>& assumed) {
  io::Diagnostics diagnostics;
  const auto model = workload::read_hf_config(document.root(diagnostics));
  diagnostics.throw_if_any();
  assumed = model->assumed;
  auto json = nlohmann::ordered_json::parse(document.text());
  const std::string own = model->id.empty() ? id : model->id;
  if (!json.contains("chipmix"))
    json["chipmix"] = {{"id", own}, {"name", model->name.empty() ? own : model->name}, {"source", document.file()}};
  return json.dump(2);
}

}  // namespace chipmix::interop
