#include "scenario/model_file.hpp"

#include "io/shape.hpp"
#include "workload/hf_config.hpp"

namespace chipmix::scenario {
namespace {

std::optional<PublishedCount> published(const io::Value& root) {
  const auto ours = root.find("chipmix");
  const auto counts = ours ? ours->find("published") : std::nullopt;
  if (!counts) return std::nullopt;
  PublishedCount result;
  if (const auto total = counts->find("total")) result.total = io::read<io::Count>(*total).value_or(io::Count{}).value;
  if (const auto active = counts->find("active")) result.active = io::read<io::Count>(*active).value_or(io::Count{}).value;
  if (const auto source = counts->find("source")) result.source = source->as_text().value_or("");
  return result;
}

}  // namespace

ModelEntry read_model_file(const std::filesystem::path& file) {
  const io::Document document = io::Document::load(file);
  io::Diagnostics diagnostics;
  const io::Value root = document.root(diagnostics);
  std::optional<workload::ModelSpec> model = workload::read_hf_config(root);
  ModelEntry entry;
  entry.published = published(root);
  diagnostics.throw_if_any();
  entry.model = std::move(*model);
  if (entry.model.id.empty()) entry.model.id = file.stem() == "config" ? file.parent_path().filename() : file.stem();
  if (entry.model.name.empty()) entry.model.name = entry.model.id;
  return entry;
}

}  // namespace chipmix::scenario
