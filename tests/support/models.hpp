// Models and jobs for tests: one small model of each kind of layer, and those that ship with the project.
#pragma once

#include <string>

#include "io/document.hpp"
#include "workload/hf_config.hpp"
#include "workload/job.hpp"

namespace chipmix::support {

inline workload::ModelSpec load_model(const std::string& id) {
  const auto document = io::Document::load(CHIPMIX_SOURCE_DIR "/models/" + id + ".json");
  io::Diagnostics faults;
  auto model = workload::read_hf_config(document.root(faults));
  faults.throw_if_any();
  return *model;
}

/// Llama-like: RMS norm, gated MLP, grouped-query attention.
inline workload::ModelSpec dense(int layers = 8) {
  workload::ModelSpec model;
  model.id = model.name = "dense";
  model.layers = layers;
  model.hidden = 1024;
  model.vocabulary = 32000;
  model.dense_width = 4096;
  model.attention.heads = 16;
  model.attention.kv_heads = 8;
  model.attention.head_dim = 64;
  return model;
}

/// GPT-like: layer norm, dropout, MLP of four times the width, as many key/value heads as heads, learned positions.
inline workload::ModelSpec gpt(int layers = 8, int hidden = 4096, int heads = 32) {
  workload::ModelSpec model = dense(layers);
  model.id = model.name = "gpt";
  model.hidden = hidden;
  model.dense_width = 4 * hidden;
  model.gated = false;
  model.dropout = true;
  model.learned_positions = 2048;
  model.norm = workload::Norm::layer;
  model.attention.heads = model.attention.kv_heads = heads;
  model.attention.head_dim = hidden / heads;
  return model;
}

/// A dense layer, then layers of 16 routed experts, two for each token, and a shared one.
inline workload::ModelSpec mixture(int layers = 8) {
  workload::ModelSpec model = dense(layers);
  model.id = model.name = "mixture";
  workload::ExpertSpec experts;
  experts.experts = 16;
  experts.active = 2;
  experts.width = 512;
  experts.shared = 1;
  experts.shared_width = 512;
  model.moe = experts;
  model.is_moe_layer.assign(layers, true);
  model.is_moe_layer.front() = false;
  return model;
}

/// The mixture with multi-head latent attention.
inline workload::ModelSpec latent(int layers = 8) {
  workload::ModelSpec model = mixture(layers);
  model.id = model.name = "latent";
  model.attention.latent = workload::LatentAttention{256, 128, 64, 32, 64};
  return model;
}

inline workload::TrainingJob job(workload::ModelSpec model, int sequence_length = 2048, int global_batch = 32) {
  return {std::move(model), sequence_length, global_batch, 1e9, Dtype::bf16};
}

}  // namespace chipmix::support
