// From a configuration of torchtitan to a plan.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/spelling.hpp"
#include "interop/arithmetic.hpp"
#include "interop/torchtitan.hpp"
#include "plan/schedule.hpp"

namespace chipmix::interop {
namespace {

constexpr int most_titan = 1 << 24;
constexpr int most_stages = 10'000;

/// Keys of the blocks above whose effect is the software's, or none.
constexpr const char* software_keys[] = {"enable_async_tensor_parallel",
                                         "disable_loss_parallel",
                                         "enable_compiled_autograd",
                                         "context_parallel_rotate_method",
                                         "mixed_precision_reduce",
                                         "pipeline_parallel_expert_parallel_overlap",
                                         "expert_parallel_comm_backend",
                                         "prefetch_before_data",
                                         "prefetch_distance",
                                         "follow_fsdp_groups",
                                         "enable_custom_context_parallel"};

class TitanReader {
 public:
  TitanReader(const std::vector<Leaf>& leaves, Given& given, scenario::Library& library, const Asked& asked)
      : given_(given), library_(library), asked_(asked) {
    for (const Leaf& leaf : leaves) read(leaf);
    for (const auto& [name, value] : asked.set)
      if (!used_.contains(name)) add(name, value);
    tell();
  }

  scenario::PlanFile run() {
    model();
    degrees();
    if (!given_.clean()) return {};
    scenario::PlanFile file;
    file.model = model_ ? model_->id : "";
    file.sequence_length = number(t_.sequence, "seq_len", 2048);
    format(file);
    lane_.zero = stage_.data * stage_.context > 1 ? plan::Zero::parameters : plan::Zero::none;
    shares();
    pipeline();
    batch(file);
    recompute();
    file.lanes.push_back(lane_);
    return file;
  }

 private:
  void read(const Leaf& leaf) {
    if (leaf.path.size() < 2) return;
    std::size_t depth = leaf.path.size() - 1;
    while (depth > 1 && leaf.path[depth].starts_with('#')) --depth;  // lists in a list
    const std::string& key = leaf.path[depth];
    const std::string& block = leaf.path[depth - 1];
    if (key == "module_fqns_per_model_part") return part(leaf, leaf.path.back());
    std::string value = leaf.value;
    for (const auto& [name, said] : asked_.set)
      if (name == key || name == block + "." + key) value = said, used_.insert(name);
    for (const TitanKey& row : titan_keys()) {
      const bool is_own = block == row.block && (key == row.key || key == row.older);
      const bool is_moved = (block == "training" || block == "experimental") && key == row.key &&
                            std::string_view(row.block) == "parallelism";
      if (!is_own && !is_moved) continue;
      given_.stands(row.key, leaf.at);
      std::visit([&](auto member) { store(t_.*member, row.key, value, leaf); }, row.member);
      return;
    }
    other(block, key, leaf);
  }

  void part(const Leaf& leaf, const std::string& index) {
    if (last_part_ != index || t_.parts.empty()) t_.parts.emplace_back();
    last_part_ = index;
    t_.parts.back().push_back(leaf.value);
    given_.stands("module_fqns_per_model_part", leaf.at);
  }

  void add(const std::string& name, const std::string& value) {
    const std::string key = name.substr(name.rfind('.') + 1);
    for (const TitanKey& row : titan_keys())
      if (key == row.key && key != "name")
        return std::visit([&](auto member) { store(t_.*member, row.key, value, {}); }, row.member);
    given_.fault(0, fmt::format("--set {}: torchtitan has no key of this name that a plan needs", name));
  }

  void other(const std::string& block, const std::string& key, const Leaf& leaf) {
    const bool is_known = std::find(std::begin(software_keys), std::end(software_keys), key) != std::end(software_keys);
    if (is_known) return static_cast<void>(software_.insert(key));
    if (block == "activation_checkpoint" && key == "memory_budget") return;  // of a mode of its own
    if (key == "swap_optimizer" && leaf.value == "true") lane_.states_in_host = 1;
    if (block != "parallelism" || leaf.value == "false" || leaf.value == "1") return passed_.push_back(key);
    std::vector<std::string> names;
    for (const TitanKey& row : titan_keys())
      if (std::string_view(row.block) == block) names.emplace_back(row.key);
    given_.fault(leaf.at, fmt::format("unknown key '{}' of [parallelism]", key), spelling_hint(key, names));
  }

  void store(bool& member, const char*, const std::string& value, const Leaf&) {
    member = value == "true" || value == "True";
  }
  void store(Text& member, const char*, const std::string& value, const Leaf&) {
    if (!value.empty() && value != "null" && value != "None") member = value;
  }
  void store(std::vector<std::string>& member, const char*, const std::string& value, const Leaf&) {
    if (!value.empty()) member.push_back(value);
  }
  void store(Number& member, const char* key, const std::string& value, const Leaf& leaf) {
    if (value == "null" || value == "None") return;
    const auto number = whole_number(value);
    if (number && *number >= -1 && *number <= most_titan) return static_cast<void>(member = static_cast<int>(*number));
    given_.fault(leaf.value_at, fmt::format("'{}' needs a whole number up to {}, not '{}'", key, most_titan, value));
  }

  /// What is there; -1 is "not said".
  int number(const Number& value, const char* key, int usual) {
    if (!value || *value == -1) return usual;
    if (*value > 0) return *value;
    given_.fault_at(key, fmt::format("'{}' cannot be {}", key, *value));
    return usual;
  }

  void model() {
    if (!t_.model || !t_.flavor) return given_.remark("the model stays unnamed: the file gives no flavor");
    for (const TitanFlavor& flavor : titan_flavors())
      if (*t_.model == flavor.model && *t_.flavor == flavor.flavor) model_ = library_.model(flavor.id);
    if (!model_)
      given_.remark(
          fmt::format("the model stays unnamed: the sizes of {} {} are not known here; its layers are spread evenly",
                      *t_.model, *t_.flavor));
  }

  void degrees() {
    stage_.tensor = number(t_.tensor, "tensor_parallel_degree", 1);
    stage_.context = number(t_.context, "context_parallel_degree", 1);
    stages_ = number(t_.pipeline, "pipeline_parallel_degree", 1);
    replicas_ = number(t_.replicate, "data_parallel_replicate_degree", 1);
    const long long others = 1LL * stage_.tensor * stage_.context * stages_ * replicas_;
    if (stages_ > most_stages || others > most_titan)
      return given_.fault_at("pipeline_parallel_degree tensor_parallel_degree", "more ranks than any cluster has");
    shard_ = number(t_.shard, "data_parallel_shard_degree", 0);
    if (shard_ == 0 && !asked_.ranks)
      return given_.fault_at("data_parallel_shard_degree", "the number of ranks is not given", "--ranks N");
    if (shard_ == 0 && *asked_.ranks % others != 0)
      return given_.fault_at("data_parallel_shard_degree",
                             fmt::format("{} ranks cannot be divided into {} replicas x TP {} x CP {} x PP {}",
                                         *asked_.ranks, replicas_, stage_.tensor, stage_.context, stages_),
                             fmt::format("a multiple of {} ranks", others));
    if (shard_ == 0) shard_ = static_cast<int>(*asked_.ranks / others);
    if (asked_.ranks && others * shard_ != *asked_.ranks)
      return given_.fault_at("data_parallel_shard_degree",
                             fmt::format("the degrees make {} ranks, not {}", others * shard_, *asked_.ranks));
    if (others * shard_ > most_titan) return given_.fault_at("data_parallel_shard_degree", "too many ranks");
    stage_.data = replicas_ * shard_;
    experts();
  }

  /// Expert parallelism takes ranks of the sharded, context and tensor dimensions (job_config.py,
  /// expert_parallel_degree); without it experts are cut as dense layers are.
  void experts() {
    stage_.expert = number(t_.expert, "expert_parallel_degree", 1);
    const bool has_experts = !model_ || model_->moe.has_value();
    if (!has_experts) stage_.expert = 1;
    if (stage_.expert > 1) stage_.expert_tensor = number(t_.expert_tensor, "expert_tensor_parallel_degree", 1);
    if (stage_.expert == 1 && model_ && has_experts) stage_.expert_tensor = stage_.tensor;
    const long long cut = 1LL * stage_.expert * stage_.expert_tensor;
    const long long ranks = 1LL * shard_ * stage_.context * stage_.tensor;
    if (ranks % cut != 0)
      given_.fault_at("expert_parallel_degree",
                      fmt::format("EP {} x {} ranks that cut an expert do not divide {} sharded ranks", stage_.expert,
                                  stage_.expert_tensor, ranks));
  }

  /// FSDP shares weights, gradients and states over the sharded and context ranks, HSDP inside each replica;
  /// replicas alone (DDP) share nothing. A model that nothing cuts is trained whole.
  void shares() {
    if (shard_ == 1 && stage_.context == 1) lane_.zero = plan::Zero::none;
    if (lane_.zero == plan::Zero::parameters && replicas_ > 1) lane_.shard_group = shard_ * stage_.context;
    if (t_.in_host) lane_.states_in_host = 1, lane_.weights_in_host = lane_.zero == plan::Zero::parameters ? 1 : 0;
  }

  void format(scenario::PlanFile& file) {
    const bool is_fp8 = t_.fp8 || std::any_of(t_.converters.begin(), t_.converters.end(), [](const std::string& name) {
                          return name.find("float8") != std::string::npos || name.ends_with(".mx") || name == "mx";
                        });
    const bool is_wide = t_.mixed.value_or("bfloat16") == "float32" && t_.dtype.value_or("float32") == "float32";
    file.dtype = is_fp8 ? Dtype::fp8 : is_wide ? Dtype::fp32 : Dtype::bf16;
    scenario::PlanStackSpec stack;
    if (t_.dtype == "bfloat16") stack.gradient_bytes = 2, stack.optimizer_bytes = 4;  // states in bf16, no fp32 weights
    if (t_.reshard == "never" && shard_ * stage_.context > 1) stack.keeps_gathered = true;
    if (t_.reshard == "always") stack.keeps_gathered = false;
    if (!stack.says_nothing()) file.stack = stack;
  }

  void pipeline() {
    lane_.sequence_parallel = stage_.tensor > 1;
    lane_.schedule = plan::ScheduleKind::one_f_one_b;
    lane_.stages.assign(stages_, stage_);
    if (stages_ == 1) {
      if (model_) lane_.stages.front().layers = {model_->layers};
      return;
    }
    const std::string name = t_.schedule.value_or("1F1B");
    const auto& known = titan_schedules();
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& row) { return name == row.name; });
    if (found == known.end() || t_.schedule_file) {
      std::vector<std::string> names;
      for (const TitanSchedule& row : known) names.emplace_back(row.name);
      return given_.fault_at("pipeline_parallel_schedule_csv pipeline_parallel_schedule",
                             fmt::format("the schedule {} is not modelled", t_.schedule_file.value_or(name)),
                             fmt::format("modelled: {}", fmt::join(names, ", ")));
    }
    lane_.schedule = found->kind;
    chunks();
  }

  /// Without numbers a schedule of several chunks has two of them a rank.
  void chunks() {
    const bool has_several = lane_.schedule && plan::traits(*lane_.schedule).chunks != 1;
    const int first = t_.less_first.value_or(1), last = t_.less_last.value_or(1);
    int each = has_several ? 2 : 1;
    if (t_.layers_per_stage && *t_.layers_per_stage > 0 && model_) {
      const int all = model_->layers + first + last;
      const int chunks = (all + *t_.layers_per_stage - 1) / *t_.layers_per_stage;
      if (chunks % stages_ != 0)
        return given_.fault_at("pipeline_parallel_layers_per_stage",
                               fmt::format("{} chunks cannot be divided over {} stages", chunks, stages_));
      each = chunks / stages_;
    } else if (t_.layers_per_stage && *t_.layers_per_stage > 0) {
      return given_.fault_at("pipeline_parallel_layers_per_stage",
                             "the layers of this model are not known here, so the chunks are not");
    }
    if (!t_.parts.empty() && t_.parts.size() % static_cast<std::size_t>(stages_) != 0)
      return given_.fault_at("module_fqns_per_model_part",
                             fmt::format("{} parts cannot be divided over {} stages", t_.parts.size(), stages_));
    if (!t_.parts.empty()) each = static_cast<int>(t_.parts.size()) / stages_;
    if ((each > 1) != has_several)
      return given_.fault_at("pipeline_parallel_layers_per_stage module_fqns_per_model_part pipeline_parallel_schedule",
                             fmt::format("{} chunks a stage with the schedule {}", each, t_.schedule.value_or("1F1B")));
    lane_.interleave = each;
    spread(t_.parts.empty() && model_ ? titan_layers(model_->layers, each * stages_, first, last) : said_layers());
  }

  std::vector<int> said_layers() const {
    std::vector<int> counts;
    for (const auto& part : t_.parts)
      counts.push_back(static_cast<int>(std::count_if(
          part.begin(), part.end(), [](const std::string& name) { return name.starts_with("layers."); })));
    return counts;
  }

  void spread(const std::vector<int>& counts) {
    if (counts.empty()) return;
    if (*std::min_element(counts.begin(), counts.end()) < 0)
      return given_.fault_at("pipeline_parallel_degree", "fewer layers than chunks");
    const bool is_folded = lane_.schedule && plan::is_folded(*lane_.schedule);
    for (int i = 0; i < static_cast<int>(counts.size()); ++i)
      lane_.stages[plan::stage_of_chunk(i, stages_, is_folded)].layers.push_back(counts[i]);
  }

  /// local = micro-batch x micro-batches of a pipeline; the global batch is made by accumulation.
  void batch(scenario::PlanFile& file) {
    const int local = number(t_.local_batch, "local_batch_size", 8);
    lane_.micro_batch = stages_ > 1 ? number(t_.micro_batch, "pipeline_parallel_microbatch_size", 1) : local;
    const long long once = 1LL * local * stage_.data;
    const long long all = number(t_.global_batch, "global_batch_size", static_cast<int>(std::min(once, 1LL << 30)));
    if (local % lane_.micro_batch != 0)
      return given_.fault_at(
          "pipeline_parallel_microbatch_size",
          fmt::format("a local batch of {} cannot be divided into micro-batches of {}", local, lane_.micro_batch));
    if (all % once != 0)
      return given_.fault_at("global_batch_size",
                             fmt::format("a global batch of {} cannot be divided by local batch {} x DP {} = {}", all,
                                         local, stage_.data, once),
                             fmt::format("a multiple of {}", once));
    file.global_batch = static_cast<int>(all);
    lane_.micro_batches = static_cast<int>(all / once * (local / lane_.micro_batch));
  }

  /// Per operator ("op"): outputs of products and of attention are kept, but for every second product
  /// (distributed/activation_checkpoint.py); a number n: every n-th layer whole.
  void recompute() {
    const std::string mode = t_.recompute.value_or("selective"), option = t_.recompute_option.value_or("2");
    if (mode == "none") return;
    if (mode == "full") return static_cast<void>(lane_.recompute = plan::Recompute::full);
    if (mode != "selective")
      return given_.fault_at("mode", fmt::format("activation checkpointing of mode '{}' is not modelled", mode),
                             "none, selective or full");
    if (option == "op") return static_cast<void>(lane_.recompute = plan::Recompute::selective);
    const auto every = whole_number(option);
    if (!every || *every < 1 || *every > most_titan)
      return given_.fault_at("selective_ac_option", fmt::format("'{}' is neither \"op\" nor a number", option));
    lane_.recompute = plan::Recompute::full;
    lane_.recompute_share = model_ ? static_cast<double>(model_->layers / static_cast<int>(*every)) / model_->layers
                                   : 1.0 / static_cast<double>(*every);
  }

  void tell() {
    if (!software_.empty())
      given_.remark(
          fmt::format("as the scenario's software stack has it, not as the file says: {}", fmt::join(software_, " ")));
    if (!passed_.empty()) given_.remark(passed_over(passed_, "key"));
  }

  Given& given_;
  scenario::Library& library_;
  const Asked& asked_;
  Titan t_;
  scenario::PlanLaneSpec lane_;
  scenario::PlanStageSpec stage_;
  const workload::ModelSpec* model_ = nullptr;
  std::set<std::string> used_, software_;
  std::string last_part_;
  int stages_ = 1, replicas_ = 1, shard_ = 1;
  std::vector<std::string> passed_;
};

}  // namespace

scenario::PlanFile understand_torchtitan(const std::vector<Leaf>& leaves, Given& given, scenario::Library& library,
                                         const Asked& asked) {
  return TitanReader(leaves, given, library, asked).run();
}

}  // namespace chipmix::interop
