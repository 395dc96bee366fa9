#include "validation/run_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace chipmix::validation {
namespace {

constexpr std::size_t longest_layout = 4096;

/// "ab(cd)*3e" without its repetitions; at most longest_layout characters.
std::string unrolled(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < longest_layout; ++i) {
    const std::size_t close = text[i] == '(' ? text.find(')', i) : std::string::npos;
    if (close == std::string::npos) {
      out += text[i];
      continue;
    }
    const std::string inner = text.substr(i + 1, close - i - 1);
    std::size_t end = close + 1;
    int times = 1;
    if (end < text.size() && text[end] == '*')
      for (times = 0, ++end; end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) && times < 1000;
           ++end)
        times = 10 * times + (text[end] - '0');
    for (int k = 0; k < times && out.size() < longest_layout; ++k) out += inner;
    i = end - 1;
  }
  return out;
}

int total(const std::vector<int>& list) { return std::accumulate(list.begin(), list.end(), 0); }

/// Chunks in pipeline order, chunk c on stage c mod P.
bool place(const std::vector<int>& counts, int layers, plan::ParallelPlan& plan) {
  const int stages = plan.pipeline(), chunks = stages * plan.interleave;
  if (static_cast<int>(counts.size()) != chunks || total(counts) != layers) return false;
  for (plan::Stage& stage : plan.stages) stage.chunks.clear();
  for (int chunk = 0, first = 0; chunk < chunks; first += counts[chunk++])
    plan.stages[chunk % stages].chunks.push_back({first, counts[chunk]});
  return true;
}

/// Halves of layers: twice the layers of each stage, as a position between attention and MLP.
bool place_halves(const std::vector<RunStage>& stages, int layers, plan::ParallelPlan& plan) {
  if (stages.size() != plan.stages.size() || plan.interleave != 1) return false;
  int at = 0;
  std::vector<plan::LayerRange> ranges;
  for (const RunStage& stage : stages) {
    const int end = at + static_cast<int>(std::lround(2 * stage.layers));
    plan::LayerRange range;
    range.mlp_before = at % 2 == 1;
    range.attention_after = end % 2 == 1;
    range.first = (at + 1) / 2;
    range.count = end / 2 - range.first;
    ranges.push_back(range);
    at = end;
  }
  if (at != 2 * layers) return false;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) plan.stages[stage].chunks = {ranges[stage]};
  return true;
}

}  // namespace

std::vector<int> layers_of_layout(const std::string& layout) {
  if (layout.find('|') == std::string::npos || layout.find_first_of("Et") != 0) return {};
  std::vector<int> counts(1);
  for (char c : unrolled(layout)) {
    if (c == '|') counts.push_back(0);
    if (c == 't') ++counts.back();
    if (std::string("EtmLP|, ").find(c) == std::string::npos) return {};
  }
  return counts;
}

bool place_layers(const RunPlan& run, int layers, plan::ParallelPlan& plan) {
  if (const auto counts = layers_of_layout(run.layout); !counts.empty()) return place(counts, layers, plan);
  if (!run.layers_per_chunk.empty()) {
    std::vector<int> counts;
    for (const auto& chunk : run.layers_per_chunk) counts.insert(counts.end(), chunk.begin(), chunk.end());
    return place(counts, layers, plan);
  }
  std::vector<int> counts = run.layers_per_stage;
  if (counts.empty() && !run.stages.empty()) {
    const bool cut = std::any_of(run.stages.begin(), run.stages.end(),
                                 [](const RunStage& stage) { return stage.layers != std::floor(stage.layers); });
    if (cut) return place_halves(run.stages, layers, plan);
    for (const RunStage& stage : run.stages) counts.push_back(static_cast<int>(stage.layers));
  }
  if (counts.empty() && run.ends_count_as_layers) counts = plan::spread_layers(layers + 2, plan.pipeline());
  if (counts.empty()) return true;
  if (total(counts) == layers + 2 && counts.front() > 0 && counts.back() > 0) --counts.front(), --counts.back();
  if (plan.interleave == 1) return place(counts, layers, plan);
  if (static_cast<int>(counts.size()) != plan.pipeline()) return false;
  std::vector<int> chunks;  // a stage's layers spread over its chunks, the first ones longer
  for (int chunk = 0; chunk < plan.interleave; ++chunk)
    for (int count : counts) chunks.push_back(count / plan.interleave + (chunk < count % plan.interleave ? 1 : 0));
  return place(chunks, layers, plan);
}

std::string misplaced(const RunPlan& run, int layers, int pipeline, int interleave) {
  const auto said = [&](const char* field, std::size_t parts, double sum) {
    return fmt::format("plan.{} has {} parts with {:g} layers, the plan pp {} x vpp {} and the model {} layers", field,
                       parts, sum, pipeline, interleave, layers);
  };
  if (const auto counts = layers_of_layout(run.layout); !counts.empty())
    return said("pp_layout", counts.size(), total(counts));
  if (!run.layers_per_chunk.empty()) {
    std::size_t parts = 0;
    int sum = 0;
    for (const auto& chunk : run.layers_per_chunk) parts += chunk.size(), sum += total(chunk);
    return said("layers_per_chunk", parts, sum);
  }
  if (!run.layers_per_stage.empty())
    return said("layers_per_stage", run.layers_per_stage.size(), total(run.layers_per_stage));
  double sum = 0;
  for (const RunStage& stage : run.stages) sum += stage.layers;
  return said("stages", run.stages.size(), sum);
}

}  // namespace chipmix::validation
