// Arguments that MindSpeed and MindSpeed-LLM add to Megatron's (https://github.com/Ascend/MindSpeed, docs/en/features
// and mindspeed/arguments.py; https://github.com/Ascend/MindSpeed-LLM, examples/mcore).
#include "interop/flags.hpp"

namespace chipmix::interop {
namespace {

using A = Arguments;

Flag field(const char* name, Member member, bool written = false, Part part = Part::parallel) {
  Flag flag;
  flag.name = name;
  flag.part = part;
  flag.member = member;
  flag.written = written;
  return flag;
}

}  // namespace

Flags mindspeed_fields() {
  return {
      field("--num-layer-list", &A::layer_list, true),
      field("--pipeline-num-transformer-layers", &A::layer_matrix),
      field("--noop-layers", &A::empty_layers),
      field("--moe-tp-extend-ep", &A::experts_over_tensor),
      field("--context-parallel-algo", &A::context_algorithm, true),
      field("--recompute-activation-function", &A::recompute_activation, true, Part::training),
      field("--recompute-norm", &A::recompute_norm, true, Part::training),
      field("--enable-recompute-layers-per-pp-rank", &A::recompute_per_stage),
      field("--first-k-dense-replace", &A::dense_first),
      field("--n-shared-experts", &A::shared_experts),
      field("--moe-intermediate-size", &A::expert_width),
      field("--n-group", &A::expert_groups),
      field("--topk-group", &A::active_groups),
      field("--multi-head-latent-attention", &A::latent),
      field("--qk-nope-head-dim", &A::nope_dim),
      field("--qk-rope-head-dim", &A::rope_dim),
  };
}

Flags mindspeed_others() {
  Flags rows;
  add(rows, Meaning::nothing, 1,
      "--routed-scaling-factor --rope-scaling-type --rope-scaling-beta-fast --rope-scaling-beta-slow"
      " --rope-scaling-mscale --rope-scaling-mscale-all-dim --rope-scaling-original-max-position-embeddings"
      " --low-freq-factor --high-freq-factor --prompt-type --cp-attention-mask-type --moe-comm-aux-loss-coeff"
      " --moe-device-level-aux-loss-coeff --topk-softmax-scale");
  add(rows, Meaning::nothing, 0,
      "--norm-topk-prob --seq-aux --no-shared-storage --no-pad-to-seq-lengths --is-instruction-dataset"
      " --skip-bias-add --npu-deterministic");
  add(rows, Meaning::software, 0,
      "--use-fused-rmsnorm --use-fused-swiglu --use-fused-rotary-pos-emb --use-fused-ring-attention-update"
      " --use-fused-moe-token-permute-and-unpermute --use-ascend-mc2 --use-ascend-coc --coc-fused-kernel"
      " --moe-permutation-async-comm --moe-alltoall-overlap-comm --moe-allgather-overlap-comm --moe-fb-overlap"
      " --gemm-gradient-accumulation-fusion --mla-mm-split --mla-fa-without-pad --mla-fa-divide-qk"
      " --use-fusion-attn-v2 --use-cp-send-recv-overlap --router-gating-in-fp32 --jit-compile"
      " --optimize-send-recv-comm");
  add(rows, Meaning::software, 1,
      "--coc-parallel-num --coc-mode --attention-mask-type"
      " --sparse-mode");
  add(rows, Meaning::unmodelled, 0, "--reuse-fp32-param",
      "keeps weights as the upper half of their 32-bit copy, which saves memory");
  add(rows, Meaning::unmodelled, 0, "--swap-attention --swap-optimizer --smart-swap",
      "moves data to the host's memory");
  add(rows, Meaning::unmodelled, 1, "--swap-optimizer-times --swap-modules", "moves data to the host's memory");
  add(rows, Meaning::unmodelled, 0, "--recompute-in-bubble --recompute-in-advance --adaptive-recompute-device-swap",
      "chooses by itself when to recompute");
  add(rows, Meaning::unmodelled, 1,
      "--adaptive-recompute-device-size --recompute-activation-function-num-layers --recompute-norm-num-layers"
      " --moe-zero-memory --moe-zero-memory-num-layers",
      "recomputes a part of a layer in some of the layers");
  add(rows, Meaning::unmodelled, 1, "--schedules-method",
      "DualPipeV: each rank holds two parts of one copy; chipmix's dualpipe is DualPipe, with two copies");
  add(rows, Meaning::unmodelled, 0, "--dualpipev-dw-detach", "changes the DualPipeV schedule");
  add(rows, Meaning::unmodelled, 0, "--mtp-mem-efficient-logits", "computes the loss of prediction layers in pieces");
  add(rows, Meaning::unmodelled, 0,
      "--tp-2d --variable-seq-lengths --layerzero --o2-optimizer --o2-gradient"
      " --post-norm --add-dense-bias --fix-router --automated-pipeline --auto-settings",
      "changes the work in a way that is not modelled");
  add(rows, Meaning::unmodelled, 1, "--tp-x --tp-y --ulysses-degree-in-cp --cp-window-size --lora-r --lora-alpha",
      "changes the work in a way that is not modelled");
  return rows;
}

}  // namespace chipmix::interop
