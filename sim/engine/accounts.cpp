#include "engine/accounts.hpp"

#include <stdexcept>

namespace chipmix::engine {

const char* name(Spent account) {
  switch (account) {
    case Spent::matrix_products:
      return "matrix products";
    case Spent::experts:
      return "experts";
    case Spent::attention:
      return "attention";
    case Spent::elementwise:
      return "elementwise";
    case Spent::head_and_loss:
      return "head and loss";
    case Spent::tensor_communication:
      return "tensor communication";
    case Spent::context_communication:
      return "context communication";
    case Spent::expert_communication:
      return "expert communication";
    case Spent::host:
      return "host";
    case Spent::recomputation:
      return "recomputation";
    case Spent::pipeline_sends:
      return "pipeline sends";
    case Spent::pipeline_bubble:
      return "pipeline bubble";
    case Spent::gradient_reduction:
      return "gradient reduction";
    case Spent::parameter_gather:
      return "parameter gather";
    case Spent::optimizer:
      return "optimizer";
    case Spent::step_overhead:
      return "step overhead";
    case Spent::stragglers:
      return "stragglers";
    case Spent::island_sync:
      return "exchange between islands";
  }
  throw std::logic_error("unknown account");
}

const char* law(Spent account) {
  switch (account) {
    case Spent::matrix_products:
      return "GEMM: padded FLOPs over reached rate, with memory traffic and launch";
    case Spent::experts:
      return "grouped GEMM over the rank's experts, balanced routing";
    case Spent::attention:
      return "causal attention FLOPs over a rate that grows with sequence length";
    case Spent::elementwise:
      return "bytes moved over reached memory bandwidth, plus launches";
    case Spent::head_and_loss:
      return "vocabulary projection and cross-entropy on the last stage";
    case Spent::tensor_communication:
      return "exposed gather and reduce-scatter of activations";
    case Spent::context_communication:
      return "exposed gather of keys and values";
    case Spent::expert_communication:
      return "exposed all-to-all of routed tokens";
    case Spent::host:
      return "max((device^4 + host^4)^(1/4), stall) - device, per block and pass; and per micro-batch";
    case Spent::recomputation:
      return "forward work done again in the backward pass";
    case Spent::pipeline_sends:
      return "exposed sends of activations and their gradients between stages";
    case Spent::pipeline_bubble:
      return "played schedule less the busy time of the slowest stage";
    case Spent::gradient_reduction:
      return "gradient reduction over replicas not hidden behind the backward pass";
    case Spent::parameter_gather:
      return "gather of sharded weights not hidden behind compute";
    case Spent::optimizer:
      return "gradients zeroed, their norm, clipping and Adam: bytes moved over reached memory bandwidth";
    case Spent::step_overhead:
      return "host work once per step";
    case Spent::stragglers:
      return "expected slowest of n ranks: jitter * sqrt(2 ln n) of the passes";
    case Spent::island_sync:
      return "all-reduce of the whole model between islands, over the links that join them";
  }
  throw std::logic_error("unknown account");
}

}  // namespace chipmix::engine
