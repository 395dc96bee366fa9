// Do plans travel to every framework's configuration and back, and does each say what it cannot express?
#include <catch2/catch.hpp>

#include "interop/formats.hpp"
#include "launches.hpp"

namespace chipmix::interop {
namespace {

hardware::Cluster cluster_of(int ranks) {
  hardware::Cluster cluster;
  cluster.groups = {support::machine("h100-sxm5-80gb", ranks)};
  return cluster;
}

Written written(Format format, const plan::ParallelPlan& plan, const workload::TrainingJob& job) {
  return export_plan(format, {{plan}, 1}, job, cluster_of(plan.ranks()));
}

std::string reasons_of(const Written& outcome) {
  std::string text;
  if (const auto* list = std::get_if<Reasons>(&outcome))
    for (const std::string& reason : *list) text += reason + "\n";
  return text;
}

scenario::PlanFile read_back(const std::string& text, const std::string& file, int ranks) {
  scenario::Library library;
  Asked asked;
  asked.ranks = ranks;
  return import_arguments(Framework::megatron, file, text, library, asked).plan;
}

/// Without what the file's model and the machine's stack say.
std::string bare(scenario::PlanFile file, bool has_model) {
  if (!has_model) file.model.clear();
  file.stack.reset();
  for (auto& lane : file.lanes) lane.remade.reset();
  return scenario::plan_file_text(file);
}

/// What ten public configurations of torchtitan set (train_configs of torchtitan, and the runs of
/// LambdaLabsML/torchtitan and AMD-AIG-AIMA/torchtitan-amd), as figures.
const std::vector<std::string>& titans() {
  static const std::vector<std::string> list = {
      "[model]\nname='llama3'\nflavor='8B'\n[training]\nlocal_batch_size=1\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=8\n[activation_checkpoint]\nmode='selective'\nselective_ac_option='op'\n",
      "[model]\nname='llama3'\nflavor='70B'\n[training]\nlocal_batch_size=8\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=32\ntensor_parallel_degree=8\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='llama3'\nflavor='405B'\n[training]\nlocal_batch_size=2\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=16\ntensor_parallel_degree=8\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='llama3'\nflavor='405B'\nconverters=['float8']\n[training]\nlocal_batch_size=16\nseq_len=8192\n"
      "[parallelism]\ndata_parallel_shard_degree=8\ntensor_parallel_degree=8\npipeline_parallel_degree=8\n"
      "pipeline_parallel_schedule='Interleaved1F1B'\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='llama3'\nflavor='8B'\n[training]\nlocal_batch_size=8\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=4\npipeline_parallel_degree=2\npipeline_parallel_schedule='1F1B'\n"
      "[activation_checkpoint]\nmode='none'\n",
      "[model]\nname='deepseek_v3'\nflavor='16B'\n[training]\nlocal_batch_size=4\nseq_len=4096\n[parallelism]\n"
      "data_parallel_shard_degree=8\nexpert_parallel_degree=8\n[activation_checkpoint]\nmode='selective'\n"
      "selective_ac_option='op'\n",
      "[model]\nname='deepseek_v3'\nflavor='671B'\n[training]\nlocal_batch_size=16\nseq_len=4096\n[parallelism]\n"
      "data_parallel_shard_degree=32\npipeline_parallel_degree=8\npipeline_parallel_schedule='Interleaved1F1B'\n"
      "expert_parallel_degree=32\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='qwen3'\nflavor='32B'\n[training]\nlocal_batch_size=2\nseq_len=4096\n[parallelism]\n"
      "data_parallel_replicate_degree=4\ndata_parallel_shard_degree=8\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='qwen3'\nflavor='30B-A3B'\n[training]\nlocal_batch_size=4\nseq_len=4096\nglobal_batch_size=256\n"
      "[parallelism]\ndata_parallel_shard_degree=16\nexpert_parallel_degree=8\n[activation_checkpoint]\nmode='full'\n",
      "[model]\nname='llama3'\nflavor='8B'\n[training]\nlocal_batch_size=1\nseq_len=131072\n[parallelism]\n"
      "data_parallel_shard_degree=1\ncontext_parallel_degree=8\n[activation_checkpoint]\nmode='selective'\n"
      "selective_ac_option='2'\n",
      "[model]\nname='llama3'\nflavor='8B'\n[training]\nlocal_batch_size=8\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=2\npipeline_parallel_degree=4\npipeline_parallel_schedule='ZBVZeroBubble'\n"
      "[activation_checkpoint]\nmode='none'\n",
      "[model]\nname='llama3'\nflavor='8B'\n[training]\nlocal_batch_size=8\nseq_len=8192\n[parallelism]\n"
      "data_parallel_shard_degree=2\npipeline_parallel_degree=4\npipeline_parallel_schedule='DualPipeV'\n"
      "[activation_checkpoint]\nmode='none'\n",
  };
  return list;
}

}  // namespace

TEST_CASE("do the public launches go to FlagScale, Primus and Megatron-Bridge and come back?") {
  for (const Format format : {Format::flagscale, Format::primus, Format::nemo}) {
    int travelled = 0;
    for (const Launch& launch : launches()) {
      INFO(launch.file << " to " << name(format));
      scenario::PlanFile first = import(launch.framework, text_of(launch), launch.file).plan;
      if (first.model.empty()) first.lanes.front().remade.reset();  // the stand-in may not have the modules
      const workload::TrainingJob job = job_of(first);
      const plan::ParallelPlan plan = plan_of(first, job);
      const Written outcome = written(format, plan, job);
      INFO(reasons_of(outcome));
      REQUIRE(std::holds_alternative<std::string>(outcome));
      const std::string& text = std::get<std::string>(outcome);
      INFO(text);
      const scenario::PlanFile second = read_back(text, "run.yaml", plan.ranks());
      CHECK(bare(first, false) == bare(second, false));
      if (!first.model.empty()) CHECK(second.model == first.model);
      ++travelled;
    }
    CHECK(travelled >= 10);
  }
}

TEST_CASE("do plans that GPT-NeoX can run come back from it, and are the others refused by name?") {
  int travelled = 0;
  for (const auto& [tensor, stages, data, zero, recompute] :
       std::vector<std::tuple<int, int, int, plan::Zero, plan::Recompute>>{
           {1, 1, 8, plan::Zero::optimizer, plan::Recompute::none},
           {2, 1, 8, plan::Zero::optimizer, plan::Recompute::full},
           {4, 2, 4, plan::Zero::optimizer, plan::Recompute::full},
           {2, 4, 4, plan::Zero::none, plan::Recompute::full},
           {1, 1, 16, plan::Zero::gradients, plan::Recompute::none},
           {1, 1, 32, plan::Zero::parameters, plan::Recompute::full},
           {8, 1, 2, plan::Zero::optimizer, plan::Recompute::none},
           {8, 8, 2, plan::Zero::optimizer, plan::Recompute::full},
           {4, 4, 8, plan::Zero::optimizer, plan::Recompute::none},
           {1, 2, 16, plan::Zero::optimizer, plan::Recompute::full}}) {
    const auto job = support::job(support::dense(8), 2048, 64);
    const auto plan = plan::lay_out({{tensor, 1, 1, data}, stages, 1, 1, recompute, zero, false}, 8, 64, 0, 1);
    const Written outcome = written(Format::neox, plan, job);
    INFO(reasons_of(outcome));
    REQUIRE(std::holds_alternative<std::string>(outcome));
    INFO(std::get<std::string>(outcome));
    const auto back = read_back(std::get<std::string>(outcome), "neox.yml", plan.ranks());
    CHECK(bare(scenario::plan_file_of(plan, job), false) == bare(back, false));
    ++travelled;
  }
  CHECK(travelled == 10);
  const auto job = support::job(support::dense(8), 2048, 64);
  auto plan = plan::lay_out({{2, 1, 1, 4}, 2, 2}, 8, 64, 0, 1);
  CHECK(reasons_of(written(Format::neox, plan, job)).find("--num-layers-per-virtual-pipeline-stage") !=
        std::string::npos);
}

TEST_CASE("do ten configurations of torchtitan come back as they were read?") {
  int travelled = 0;
  for (const std::string& text : titans()) {
    INFO(text);
    scenario::Library library;
    const auto first = import_arguments(Framework::megatron, "run.toml", text, library).plan;
    REQUIRE(!first.model.empty());
    const workload::TrainingJob job = job_of(first);
    const auto plan = plan_of(first, job);
    const Written outcome = written(Format::torchtitan, plan, job);
    INFO(reasons_of(outcome));
    REQUIRE(std::holds_alternative<std::string>(outcome));
    INFO(std::get<std::string>(outcome));
    const auto second = import_arguments(Framework::megatron, "run.toml", std::get<std::string>(outcome), library).plan;
    CHECK(bare(first, true) == bare(second, true));
    ++travelled;
  }
  CHECK(travelled >= 10);
}

TEST_CASE("do DeepSpeed's configurations say what they can and refuse the rest?") {
  const auto job = support::job(support::dense(8), 2048, 64);
  for (const plan::Zero zero : plan::all_zeros)
    for (const int data : {4, 8, 16}) {
      plan::ParallelPlan plan = plan::lay_out({{1, 1, 1, data}, 1, 1, 2, plan::Recompute::none, zero}, 8, 64, 0, 1);
      if (zero == plan::Zero::parameters) plan.weights_offloaded = plan.states_offloaded = 1;
      const Written outcome = written(Format::deepspeed, plan, job);
      REQUIRE(std::holds_alternative<std::string>(outcome));
      const auto back = import_deepspeed(io::Document::parse("d.json", std::get<std::string>(outcome))).plan;
      const auto& lane = back.lanes.front();
      CHECK(lane.zero == zero);
      CHECK(lane.micro_batch == 2);
      CHECK(lane.micro_batches == 64 / 2 / data);
      CHECK(lane.stages.front().data == data);
      CHECK(lane.weights_in_host == plan.weights_offloaded);
    }
  auto plan = plan::lay_out({{1, 1, 1, 4}, 2, 1, 1, plan::Recompute::full}, 8, 64, 0, 1);
  CHECK(reasons_of(written(Format::deepspeed, plan, job)).find("recomputation: the program says it") !=
        std::string::npos);
}

TEST_CASE("does one pipeline over two islands go to FlagScale's meshes and come back?") {
  const auto job = support::job(support::dense(24), 2048, 64);
  plan::ParallelPlan plan = plan::lay_out({{4, 1, 1, 8}, 4}, 24, 64, 0, 1);
  const std::vector<int> layers = {8, 8, 4, 4};
  for (int i = 0, first = 0; i < 4; first += layers[i++]) {
    plan.stages[i].chunks = {{first, layers[i]}};
    plan.stages[i].degrees.tensor = i < 2 ? 4 : 8;
    plan.stages[i].devices = {i < 2 ? 0 : 1, plan.stages[i].degrees.ranks()};
  }
  hardware::Cluster cluster = cluster_of(64);
  cluster.groups.push_back(support::machine("h100-sxm5-80gb", 128));
  cluster.groups[0].name = "nvidia";
  cluster.groups[1].name = "ascend";
  const Written outcome = export_plan(Format::flagscale, {{plan}, 1}, job, cluster);
  INFO(reasons_of(outcome));
  REQUIRE(std::holds_alternative<std::string>(outcome));
  const std::string& text = std::get<std::string>(outcome);
  INFO(text);
  CHECK(text.find("hetero_process_meshes: [4, 1, 1, 8, 2, 8, 1, 1, 8, 2]") != std::string::npos);
  CHECK(text.find("hetero_device_types: [\"nvidia\", \"ascend\"]") != std::string::npos);
  scenario::Library library;
  const auto back = import_arguments(Framework::megatron, "run.yaml", text, library).plan;
  const auto& stages = back.lanes.front().stages;
  REQUIRE(stages.size() == 4);
  for (int i = 0; i < 4; ++i) {
    CHECK(stages[i].island == (i < 2 ? "nvidia" : "ascend"));
    CHECK(stages[i].tensor == (i < 2 ? 4 : 8));
    CHECK(stages[i].data == 8);
    CHECK(stages[i].layers == std::vector<int>{layers[i]});
  }
  CHECK(back.lanes.front().micro_batches == plan.micro_batches);
  for (const Format format : {Format::megatron, Format::torchtitan, Format::deepspeed})
    CHECK(reasons_of(export_plan(format, {{plan}, 1}, job, cluster)).find("from island 'nvidia' to 'ascend'") !=
          std::string::npos);
  plan.stages[3].degrees.context = 2;
  CHECK(reasons_of(export_plan(Format::flagscale, {{plan}, 1}, job, cluster)).find("different context parallelism") !=
        std::string::npos);
  CHECK(reasons_of(export_plan(Format::flagscale, {{plan, plan}, 1}, job, cluster)).find("2 pipelines share") !=
        std::string::npos);
}

}  // namespace chipmix::interop
