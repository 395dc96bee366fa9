#include "scenario/model_file.hpp"

#include "io/python_json.hpp"
#include "workload/hf_config.hpp"

namespace chipmix::scenario {

workload::ModelSpec read_model_file(const std::filesystem::path& file) {
  const io::Document document = io::load_python_json(file);
  io::Diagnostics diagnostics;
  std::optional<workload::ModelSpec> model = workload::read_hf_config(document.root(diagnostics));
  diagnostics.throw_if_any();
  if (model->id.empty()) model->id = file.stem() == "config" ? file.parent_path().filename() : file.stem();
  if (model->name.empty()) model->name = model->id;
  return std::move(*model);
}

}  // namespace chipmix::scenario
