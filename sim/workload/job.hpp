// What is to be trained: a model, on how many tokens, in which batches.
#pragma once

#include "base/dtype.hpp"
#include "workload/model.hpp"

namespace chipmix::workload {

struct TrainingJob {
  ModelSpec model;
  int sequence_length = 0;
  int global_batch = 0;  ///< sequences per optimizer step
  double tokens = 0;     ///< of the whole run
  Dtype dtype = Dtype::bf16;
  double expert_imbalance = 1;    ///< tokens of the busiest expert rank over the mean; 1 is even routing
  bool is_routing_known = false;  ///< the imbalance is a fact (a benchmark that forces balance), not a guess

  bool is_base_frozen = false;  ///< fine-tuning of low-rank adapters on frozen weights (LoRA, arXiv:2106.09685)

  double tokens_per_step() const { return static_cast<double>(sequence_length) * global_batch; }
  double steps() const { return tokens / tokens_per_step(); }
};

}  // namespace chipmix::workload
