// Which layers each chunk holds: Megatron-LM, core/transformer/transformer_block.py (get_num_layers_to_build) and
// pipeline_parallel_layer_layout.py; MindSpeed, docs/en/features/{noop-layers,unaligned-pipeline}.md.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "interop/layer_lists.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

using Counts = std::optional<std::vector<int>>;

constexpr int most_chunks = 10'000;

class ChunkReader {
 public:
  explicit ChunkReader(const Given& given) : given_(given), a_(given.values()), stages_(a_.pipeline.value_or(1)) {}

  Counts run() {
    const bool is_elsewhere = given_.model_is_elsewhere() && (a_.layout || a_.layer_list);
    if (!a_.layers && !is_elsewhere) return fault("--num-layers", "'--num-layers' is missing");
    layers_ = a_.layers.value_or(0);
    if (stages_ < 1 || stages_ > most_chunks)
      return fault("--pipeline-model-parallel-size", fmt::format("{} pipeline stages", stages_));
    if ((a_.layout && a_.layers_per_chunk) || (a_.layer_list && (a_.layers_per_chunk || a_.chunks)))
      return fault("--num-layers-per-virtual-pipeline-stage --num-virtual-stages-per-pipeline-rank",
                   "chunks are described twice", "the layout or the list of layers says it already");
    Counts counts = a_.layout                           ? of_layout()
                    : a_.layer_list                     ? of_list()
                    : a_.layer_matrix                   ? of_matrix()
                    : a_.first_layers || a_.last_layers ? of_ends()
                                                        : even();
    if (counts && *std::min_element(counts->begin(), counts->end()) < 0)
      return fault("--num-layers", "fewer layers than stages");
    return counts ? without_empty(std::move(*counts)) : counts;
  }

 private:
  Counts fault(std::string_view flags, std::string message, std::string hint = "") {
    given_.fault_at(flags, std::move(message), std::move(hint));
    return std::nullopt;
  }

  Counts not_a_list(const char* flag, const std::string& text, const char* form) {
    return fault(flag, fmt::format("'{}' of '{}' cannot be read", text, flag), fmt::format("written as {}", form));
  }

  Counts summed(std::vector<int> counts, const char* flag) {
    const int sum = std::accumulate(counts.begin(), counts.end(), 0);
    if (sum == layers_ || !a_.layers) return counts;
    return fault(flag, fmt::format("'{}' has {} layers, '--num-layers' says {}", flag, sum, layers_));
  }

  Counts of_layout() {
    constexpr const char* flag = "--pipeline-model-parallel-layout";
    const auto chunks = read_layout(*a_.layout);
    if (!chunks) return not_a_list(flag, *a_.layout, "Ett|tt|ttL");
    const int number = static_cast<int>(chunks->size());
    if (number % stages_ != 0)
      return fault(flag, fmt::format("{} chunks cannot be divided over {} stages", number, stages_));
    if (a_.chunks && *a_.chunks * stages_ != number)
      return fault(flag, fmt::format("{} chunks, but {} stages of {} each", number, stages_, *a_.chunks));
    std::string all;
    for (const std::string& chunk : *chunks) all += chunk;
    const int prediction = a_.prediction_layers.value_or(0);
    const std::string tail(static_cast<std::size_t>(std::min(prediction, most_chunks)), 'm');
    if (!all.starts_with('E') || !all.ends_with('L') || std::count(all.begin(), all.end(), 'E') != 1 ||
        std::count(all.begin(), all.end(), 'L') != 1 || chunks->front().find('E') == std::string::npos ||
        chunks->back().find('L') == std::string::npos)
      return fault(flag, "the layout must begin with one E in its first chunk and end with one L in its last",
                   "chipmix puts embedding and loss there");
    if (std::count(all.begin(), all.end(), 'm') != prediction || !chunks->back().ends_with(tail + "L"))
      return fault(flag, fmt::format("{} prediction layers belong before the L of the last chunk", prediction),
                   "chipmix puts them beside the loss; their number is '--mtp-num-layers'");
    std::vector<int> counts;
    for (const std::string& chunk : *chunks)
      counts.push_back(static_cast<int>(std::count(chunk.begin(), chunk.end(), 't')));
    return summed(std::move(counts), flag);
  }

  Counts of_list() {
    constexpr const char* flag = "--num-layer-list";
    auto counts = read_numbers(*a_.layer_list);
    if (!counts) return not_a_list(flag, *a_.layer_list, "17,20,22,21");
    if (static_cast<int>(counts->size()) != stages_)
      return fault(flag, fmt::format("{} numbers for {} stages", counts->size(), stages_));
    return summed(std::move(*counts), flag);
  }

  Counts of_matrix() {
    constexpr const char* flag = "--pipeline-num-transformer-layers";
    const auto rows = read_matrix(*a_.layer_matrix);
    if (!rows) return not_a_list(flag, *a_.layer_matrix, "[[0,1],[1,1]*4,[1,0]]");
    const std::size_t chunks = rows->front().size();
    if (static_cast<int>(rows->size()) != stages_)
      return fault(flag, fmt::format("{} rows for {} stages", rows->size(), stages_));
    std::vector<int> counts(rows->size() * chunks);
    for (std::size_t stage = 0; stage < rows->size(); ++stage) {
      if ((*rows)[stage].size() != chunks) return fault(flag, "rows of different lengths");
      for (std::size_t chunk = 0; chunk < chunks; ++chunk) counts[chunk * rows->size() + stage] = (*rows)[stage][chunk];
    }
    return summed(std::move(counts), flag);
  }

  /// Stages between the first and the last share what they leave; each is cut into equal chunks.
  Counts of_ends() {
    constexpr const char* both = "--decoder-first-pipeline-num-layers --decoder-last-pipeline-num-layers";
    if (a_.layers_per_chunk)
      return fault("--num-layers-per-virtual-pipeline-stage",
                   "with layers of the first or last stage, '--num-virtual-stages-per-pipeline-rank' is needed");
    const int named = (a_.first_layers ? 1 : 0) + (a_.last_layers ? 1 : 0);
    const int rest = layers_ - a_.first_layers.value_or(0) - a_.last_layers.value_or(0);
    const int middle = stages_ - named;
    if (middle < 0 || rest < 0 || (middle == 0 && rest != 0) || (middle > 0 && rest % middle != 0))
      return fault(both, fmt::format("{} layers that the named stages leave cannot be divided over {} stages", rest,
                                     std::max(0, middle)));
    std::vector<int> stages(stages_, middle > 0 ? rest / middle : 0);
    if (a_.first_layers) stages.front() = *a_.first_layers;
    if (a_.last_layers) stages.back() = *a_.last_layers;
    const int chunks = std::max(1, a_.chunks.value_or(1));
    std::vector<int> counts;
    for (int chunk = 0; chunk < chunks && counts.size() < most_chunks; ++chunk)
      for (const int stage : stages) {
        if (stage % chunks != 0)
          return fault("--num-virtual-stages-per-pipeline-rank",
                       fmt::format("{} layers of a stage cannot be divided into {} chunks", stage, chunks));
        counts.push_back(stage / chunks);
      }
    return counts;
  }

  Counts even() {
    const bool by_type = a_.partition && a_.partition->find("embedding") != std::string::npos;
    const bool embedding = a_.counts_embedding || by_type, loss = a_.counts_loss || by_type;
    const int counted = layers_ + (embedding ? 1 : 0) + (loss ? 1 : 0);
    if (counted % stages_ != 0)
      return fault("--pipeline-model-parallel-size",
                   fmt::format("{} layers{} cannot be divided over {} stages", counted,
                               counted > layers_ ? " (embedding and loss counted)" : "", stages_),
                   "name the layers of the first and last stage, or a layout");
    const int own = counted / stages_;
    const int chunks = a_.chunks ? *a_.chunks : a_.layers_per_chunk ? own / std::max(1, *a_.layers_per_chunk) : 1;
    if (chunks < 1 || own % chunks != 0 || (a_.layers_per_chunk && chunks * *a_.layers_per_chunk != own))
      return fault("--num-layers-per-virtual-pipeline-stage --num-virtual-stages-per-pipeline-rank",
                   fmt::format("{} layers of a stage cannot be divided into such chunks", own));
    if (static_cast<long long>(chunks) * stages_ > most_chunks)
      return fault("--num-virtual-stages-per-pipeline-rank", fmt::format("{} chunks", chunks));
    std::vector<int> counts(static_cast<std::size_t>(chunks) * stages_, own / chunks);
    if (embedding) --counts.front();
    if (loss) --counts.back();
    return counts;
  }

  Counts without_empty(std::vector<int> counts) {
    if (!a_.empty_layers) return counts;
    const auto empty = read_numbers(*a_.empty_layers);
    if (!empty) return not_a_list("--noop-layers", *a_.empty_layers, "61,62,63");
    const std::vector<int> all = counts;
    std::set<int> seen;
    for (const int layer : *empty) {
      if (layer >= layers_) return fault("--noop-layers", fmt::format("there is no layer {} among {}", layer, layers_));
      if (!seen.insert(layer).second) return fault("--noop-layers", fmt::format("layer {} twice", layer));
      int end = 0;
      std::size_t chunk = 0;
      while (chunk + 1 < all.size() && end + all[chunk] <= layer) end += all[chunk++];
      --counts[chunk];
    }
    return counts;
  }

  const Given& given_;
  const Arguments& a_;
  int stages_;
  int layers_ = 0;
};

}  // namespace

std::optional<std::vector<int>> chunk_layers(const Given& given) { return ChunkReader(given).run(); }

}  // namespace chipmix::interop
