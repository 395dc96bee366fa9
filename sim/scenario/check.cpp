#include "scenario/check.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "calibration/samples.hpp"
#include "io/folder.hpp"
#include "prices/quote.hpp"
#include "scenario/cases.hpp"
#include "scenario/model_file.hpp"
#include "scenario/plan_file.hpp"
#include "scenario/relative.hpp"
#include "scenario/scenario.hpp"
#include "scenario/schema_ids.hpp"

namespace chipmix::scenario {
namespace {

/// What a file is, by keys that only one kind has; a scenario when nothing else fits, so that its faults are shown.
std::string kind_of(const io::Value& root) {
  if (!root.is_object()) return "scenario";
  const auto has = [&](const char* key) { return root.find(key).has_value(); };
  if (has("chipmix_measurements")) return "measurements";
  if (has("options") || has("job")) return "scenario";
  if (has("quotes")) return "prices";
  if (has("rates")) return "exchange-rates";
  if (has("lanes")) return "plan";
  if (has("memory_bandwidth") || has("ranks")) return "device";
  if (has("scale_up") || has("nics")) return "node";
  if (has("wiring")) return "link";
  if (has("oversubscription") || has("layout")) return "fabric";
  if (has("host_per_kernel") || has("flash_attention")) return "stack";
  if (has("model_type") || has("hidden_size") || has("num_hidden_layers") || has("n_layer") || has("text_config"))
    return "model";
  return "scenario";
}

template <class T>
void check(const io::Value& root) {
  io::read<T>(root);
}

void check_profile(const std::string& kind, const io::Value& root) {
  if (kind == "device") check<hardware::DeviceSpec>(root);
  if (kind == "node") check<hardware::NodeSpec>(root);
  if (kind == "link") check<hardware::LinkSpec>(root);
  if (kind == "fabric") check<hardware::FabricSpec>(root);
  if (kind == "stack") check<hardware::SoftwareStack>(root);
  if (kind == "plan") check<PlanFile>(root);
  if (kind == "prices") check<prices::QuoteFile>(root);
  if (kind == "exchange-rates") check<prices::RateFile>(root);
  if (kind == "measurements") check<calibration::Measurements>(root);
}

}  // namespace

std::string check_file(const std::filesystem::path& path, const std::vector<std::filesystem::path>& also) {
  const io::Document document = io::Document::load(path);
  io::Diagnostics diagnostics;
  const io::Value root = document.root(diagnostics);
  const std::string kind = kind_of(root);
  if (kind == "device" || (root.is_object() && root.find("like"))) {
    const Library library(path.parent_path());
    const io::Document whole = with_relative(
        document, [&](const std::string& name) { return library.device_file(name); }, diagnostics);
    check_profile("device", whole.root(diagnostics, figures_of(whole)));
    diagnostics.throw_if_any();
    return "device";
  }
  if (kind == "scenario") {
    Library library(path.parent_path(), {false, also});
    read_cases(read_scenario(document, library), document, library);
  } else if (kind == "model") {
    read_model_file(path);
  } else {
    check_profile(kind, root);
    diagnostics.throw_if_any();
  }
  return kind;
}

namespace {

/// Of files whose figures may stand without grade and source.
template <class T>
std::string plain_schema() {
  const io::PlainFiguresInSchema plain;
  return io::schema<T>();
}

}  // namespace

std::string schema_text(const std::string& kind) {
  const std::string text = kind == "scenario"         ? plain_schema<ScenarioSpec>()
                           : kind == "device"         ? io::schema<hardware::DeviceSpec>()
                           : kind == "node"           ? io::schema<hardware::NodeSpec>()
                           : kind == "link"           ? io::schema<hardware::LinkSpec>()
                           : kind == "fabric"         ? io::schema<hardware::FabricSpec>()
                           : kind == "stack"          ? io::schema<hardware::SoftwareStack>()
                           : kind == "plan"           ? io::schema<PlanFile>()
                           : kind == "prices"         ? io::schema<prices::QuoteFile>()
                           : kind == "exchange-rates" ? io::schema<prices::RateFile>()
                           : kind == "measurements"   ? io::schema<calibration::Measurements>()
                                                      : throw std::logic_error("no schema of " + kind);
  nlohmann::ordered_json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}};
  schema.update(nlohmann::ordered_json::parse(text));
  Library library(io::current_folder());
  add_ids(schema, library);
  return schema.dump(2);
}

}  // namespace chipmix::scenario
