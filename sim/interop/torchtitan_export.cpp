// A plan as a configuration of torchtitan.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "interop/formats.hpp"
#include "interop/torchtitan.hpp"

namespace chipmix::interop {
namespace {

class TitanWriter {
 public:
  TitanWriter(const plan::ParallelPlan& plan, const workload::TrainingJob& job) : plan_(plan), job_(job) {}

  Written run(const std::string& title) {
    model();
    degrees();
    format();
    pipeline();
    recompute();
    in_host();
    if (!reasons_.empty()) return reasons_;
    return title + text();
  }

 private:
  void no(bool has, std::string what) {
    if (has) reasons_.push_back(std::move(what));
  }

  void model() {
    for (const TitanFlavor& flavor : titan_flavors())
      if (job_.model.id == flavor.id) t_.model = flavor.model, t_.flavor = flavor.flavor;
    no(!t_.model, fmt::format("torchtitan names no sizes of {}", job_.model.id));
    no(job_.is_base_frozen, "adapters on frozen weights");
  }

  void degrees() {
    const plan::Degrees& d = plan_.degrees();
    const auto is_same = [&](const plan::Stage& stage) { return stage.degrees == d; };
    no(!std::all_of(plan_.stages.begin(), plan_.stages.end(), is_same), "different degrees on different stages");
    no(d.ulysses > 1, "context parallelism by an exchange of heads (Ulysses)");
    no(d.tensor > 1 && !plan_.sequence_parallel, "tensor parallelism that does not split the sequence");
    no(plan_.zero == plan::Zero::optimizer || plan_.zero == plan::Zero::gradients,
       fmt::format("ZeRO-{}: FSDP shares weights, too, replicas share nothing", static_cast<int>(plan_.zero)));
    no(plan_.zero == plan::Zero::none && d.context > 1, "context parallelism without sharded weights");
    const int sharing = d.data * d.context;
    const bool is_shared = plan_.zero == plan::Zero::parameters;
    const int group = is_shared ? (plan_.shard_group > 0 ? std::min(plan_.shard_group, sharing) : sharing) : d.context;
    no(group % d.context != 0 || sharing % group != 0,
       fmt::format("weights shared by {} ranks with CP {}", group, d.context));
    t_.shard = std::max(1, group / d.context);
    t_.replicate = d.data / std::max(1, *t_.shard);
    t_.tensor = d.tensor;
    t_.context = d.context;
    if (!job_.model.moe) return;
    t_.expert = d.expert;
    if (d.expert > 1) t_.expert_tensor = d.expert_tensor;
    no(d.expert > 1 && d.expert_tensor != 1 && d.expert_tensor != d.tensor,
       fmt::format("experts cut over {} ranks with TP {}", d.expert_tensor, d.tensor));
    no(d.expert == 1 && d.expert_tensor != d.tensor, "experts and dense layers cut in different ways");
  }

  void format() {
    no(job_.dtype != Dtype::bf16 && job_.dtype != Dtype::fp8 && job_.dtype != Dtype::fp32,
       fmt::format("training in {}", name(job_.dtype)));
    t_.mixed = job_.dtype == Dtype::fp32 ? "float32" : "bfloat16";
    if (job_.dtype == Dtype::fp8) t_.converters = {"quantize.linear.float8"};
    t_.sequence = job_.sequence_length;
    t_.global_batch = job_.global_batch;
    t_.local_batch = plan_.micro_batch;
  }

  void pipeline() {
    if (plan_.pipeline() == 1) return;
    t_.pipeline = plan_.pipeline();
    t_.micro_batch = plan_.micro_batch;
    t_.local_batch = plan_.micro_batch * plan_.micro_batches;
    for (const TitanSchedule& row : titan_schedules())
      if (row.kind == plan_.schedule()) t_.schedule = row.name;
    no(!t_.schedule, fmt::format("the schedule {}", plan::name(plan_.schedule())));
    const bool is_folded = plan::is_folded(plan_.schedule());
    std::vector<int> counts;
    for (int i = 0; i < plan_.pipeline() * plan_.interleave; ++i) {
      const plan::Stage& stage = plan_.stages[plan::stage_of_chunk(i, plan_.pipeline(), is_folded)];
      counts.push_back(stage.chunks.at(i / plan_.pipeline()).count);
    }
    parts(counts);
  }

  void parts(const std::vector<int>& counts) {
    int layer = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::vector<std::string> part;
      if (i == 0) part.emplace_back("tok_embeddings");
      for (int k = 0; k < counts[i]; ++k) part.push_back(fmt::format("layers.{}", layer++));
      if (i + 1 == counts.size()) part.emplace_back("norm"), part.emplace_back("output");
      t_.parts.push_back(std::move(part));
    }
  }

  void recompute() {
    t_.recompute = plan::name(plan_.recompute);
    if (plan_.recompute == plan::Recompute::none) return;
    if (plan_.recompute == plan::Recompute::selective) {
      no(plan_.remade != plan::Remade{}, "recomputation of named modules: torchtitan's is by operator");
      no(plan_.recompute_share < 1, "recomputation by operator in a part of the layers");
      t_.recompute_option = "op";
      return;
    }
    if (plan_.recompute_share >= 1) return;
    const int layers = job_.model.layers;
    const int again = static_cast<int>(std::lround(plan_.recompute_share * layers));
    int every = 0;
    for (int n = 2; n <= layers && every == 0; ++n)
      if (layers / n == again) every = n;
    no(every == 0, fmt::format("full recomputation of {} of {} layers: torchtitan takes every n-th", again, layers));
    t_.recompute = "selective";
    t_.recompute_option = std::to_string(every);
  }

  void in_host() {
    no(plan_.offloaded > 0, "activations in host memory");
    const bool both = plan_.states_offloaded >= 1 && (plan_.weights_offloaded >= 1 || plan_.zero == plan::Zero::none);
    no(!both && (plan_.states_offloaded > 0 || plan_.weights_offloaded > 0),
       "a part of states or weights in host memory: torchtitan moves all of them");
    t_.in_host = both;
  }

  static std::optional<std::string> value(const Number& number) {
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  }
  static std::optional<std::string> value(bool is_on) {
    return is_on ? std::optional<std::string>("true") : std::nullopt;
  }
  static std::optional<std::string> value(const Text& text) {
    return text ? std::optional(fmt::format("\"{}\"", *text)) : std::nullopt;
  }
  static std::optional<std::string> value(const std::vector<std::string>& list) {
    return list.empty() ? std::nullopt : std::optional(fmt::format("[\"{}\"]", fmt::join(list, "\", \"")));
  }

  std::string text() const {
    std::string text, block;
    for (const TitanKey& row : titan_keys()) {
      const auto written = std::visit([&](auto member) { return value(t_.*member); }, row.member);
      if (!written) continue;
      if (block != row.block) text += fmt::format("\n[{}]\n", block = row.block);
      text += fmt::format("{} = {}\n", row.key, *written);
      if (std::string_view(row.key) == "pipeline_parallel_schedule") text += parts_text();
    }
    return text;
  }

  std::string parts_text() const {
    std::string text = "module_fqns_per_model_part = [\n";
    for (const auto& part : t_.parts) text += fmt::format("  {},\n", *value(part));
    return text + "]\n";
  }

  const plan::ParallelPlan& plan_;
  const workload::TrainingJob& job_;
  Titan t_;
  Reasons reasons_;
};

}  // namespace

Written export_torchtitan(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                          const hardware::NodeGroup& group) {
  return TitanWriter(plan, job).run(title_of(plan, job, group));
}

}  // namespace chipmix::interop
