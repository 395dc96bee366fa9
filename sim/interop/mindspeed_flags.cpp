// Arguments that MindSpeed and MindSpeed-LLM add to Megatron's (https://github.com/Ascend/MindSpeed, docs/en/features
// and mindspeed/arguments.py; https://github.com/Ascend/MindSpeed-LLM, examples/mcore).
#include "interop/flags.hpp"

namespace chipmix::interop {
namespace {

using A = Arguments;

Flag mindspeed_field(const char* name, Member member, bool written = false, Part part = Part::parallel) {
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
      mindspeed_field("--num-layer-list", &A::layer_list, true),
      mindspeed_field("--pipeline-num-transformer-layers", &A::layer_matrix),
      mindspeed_field("--noop-layers", &A::empty_layers),
      mindspeed_field("--moe-tp-extend-ep", &A::experts_over_tensor),
      mindspeed_field("--context-parallel-algo", &A::context_algorithm, true),
      mindspeed_field("--cp-comm-type", &A::context_algorithm),
      mindspeed_field("--recompute-activation-function", &A::recompute_activation, true, Part::training),
      mindspeed_field("--recompute-norm", &A::recompute_norm, true, Part::training),
      mindspeed_field("--recompute-activations", &A::recompute_selective, true, Part::training),
      mindspeed_field("--enable-recompute-layers-per-pp-rank", &A::recompute_per_stage),
      mindspeed_field("--first-k-dense-replace", &A::dense_first),
      mindspeed_field("--n-shared-experts", &A::shared_experts),
      mindspeed_field("--moe-intermediate-size", &A::expert_width),
      mindspeed_field("--n-group", &A::expert_groups),
      mindspeed_field("--topk-group", &A::active_groups),
      mindspeed_field("--multi-head-latent-attention", &A::latent),
      mindspeed_field("--qk-nope-head-dim", &A::nope_dim),
      mindspeed_field("--qk-rope-head-dim", &A::rope_dim),
      mindspeed_field("--num-key-value-heads", &A::query_groups),
      mindspeed_field("--shared-expert-gate", &A::shared_gate),
      mindspeed_field("--num-nextn-predict-layers", &A::prediction_layers),
      mindspeed_field("--recompute-mla-up-proj", &A::recompute_latents, true, Part::training),
      mindspeed_field("--reuse-fp32-param", &A::reuses_weights),
      mindspeed_field("--swap-optimizer", &A::swaps_optimizer, true, Part::training),
      mindspeed_field("--lora-r", &A::adapter_rank),
      mindspeed_field("--recompute-in-advance", &A::recompute_ahead),
      mindspeed_field("--recompute-activation-function-num-layers", &A::activation_layers),
      mindspeed_field("--recompute-norm-num-layers", &A::norm_layers),
      mindspeed_field("--moe-zero-memory", &A::zero_memory),
      mindspeed_field("--moe-zero-memory-num-layers", &A::zero_memory_layers),
      mindspeed_field("--swap-attention", &A::swaps_attention),
      mindspeed_field("--mla-swap-core-attn-out", &A::swaps_attention_output),
      mindspeed_field("--o2-gradient", &A::half_gradients),
      mindspeed_field("--o2-optimizer", &A::half_moments),
      mindspeed_field("--qlora", &A::quantised_base),
      mindspeed_field("--output-layer-slice-num", &A::head_slices),
      mindspeed_field("--loss-chunk-size", &A::loss_chunk),
      mindspeed_field("--loss-compute-mode", &A::loss_mode),
      mindspeed_field("--schedules-method", &A::schedule),
      mindspeed_field("--ulysses-degree-in-cp", &A::ulysses, true),
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
  add(rows, Meaning::software, 0,
      "--use-mc2 --lora-fusion --use-pipe-experts --pipe-experts-multi-stream --enable-token-rearrange-opt "
      "--moe-bmm-mc2"
      " --mla-up-proj-tp-overlap --use-fused-mlp --use-fused-lightning-indexer --use-fused-lightning-indexer-loss"
      " --use-sparse-flash-attn --use-triton-gdn --use-fused-mhc --use-triton-mhc --unaligned-linear --moe-alltoall-mc2"
      " --use-deter-comp --optimize-vpp-send-recv-comm --rmsnorm-weight-in-fp32 --input-layernorm-in-fp32"
      " --kv-head-repeat-before-uly-alltoall --topk-softmax-in-fp32 --prefetch --moe-hierarchical-alltoallv"
      " --no-enable-linear-qkv --enable-mla-absorb --enable-overlap-ag-with-matmul --enable-overlap-matmul-with-rs"
      " --enable-backward-overlap-ag-with-matmul --use-ulysses-allgather-kv --mla-down-proj-fusion");
  add(rows, Meaning::software, 1,
      "--shape-order --pipe-experts-multi-data --optimization-level --context-parallel-kv-cache-policy"
      " --context-parallel-cache-interval --alibi-fusion-attn-type --hccl-op-mode --pre-tockens --next-tockens"
      " --optimize-recomp-communication-level --hccl-group-buffer");
  add(rows, Meaning::nothing, 0,
      "--tokenizer-not-use-fast --enable-hf2mg-convert --enable-mg2hf-convert --no-chat-template --disable-gloo-group"
      " --no-shuffle --hf-chat-template --keep-last --op-cal-tflops --enable-high-availability --enable-hbmfault-repair"
      " --enable-optimizer-state-local-copy --enable-worker-reboot --enable-elastic-training --cut-max-seqlen"
      " --neat-pack --pack --padded-samples --enable-thinking --no-post-layer-norm --profile-with-cpu"
      " --profile-record-shapes --profile-with-memory --profile-with-stack --load-checkpoint-loosely"
      " --init-norm-weight-in-fp32 --hccl-group-buffer-adaptive --share-mtp-embedding-and-output-weight"
      " --mtp-after-norm --apply-rope-no-in-complex --input-jitter --use-glm-rope --add-rmsnorm-offset"
      " --moe-revert-type-after-topk --enable-share-memory --disable-gloo-process-groups --no-pin-cpu-grads");
  add(rows, Meaning::nothing, 1,
      "--handler-name --ai-framework --model-type-hf --patch-tokenizer-type --extra-vocab-size --max-padding-length"
      " --evaluation-batch-size --tokenizer-padding-side --pad-to-multiple-of --fix-sub-seq-length --profile-level"
      " --profile-save-path --max-new-tokens --instruction-template --dataset-provider --train-mode --num-samples"
      " --scale-depth --scale-emb --dim-model-base --query-pre-attn-scalar --output-logit-softcapping"
      " --attn-logit-softcapping --short-factor --long-factor --short-mscale --long-mscale --longrope-freqs-type"
      " --rope-type --rope-factor --dynamic-factor --partial-rotary-factor --embedding-multiplier-scale"
      " --output-multiplier-scale --moe-input-jitter-eps --noisy-gate-policy --history-turns --lora-load"
      " --additional-config --ai-framework --padded-base-length --swiglu-limit --interleave-probs --mix-strategy");
  add(rows, Meaning::nothing, -1, "--task --task-data-path --special-tokens --add-eos-token --tokenizer-kwargs");
  add(rows, Meaning::model, 1,
      "--interleave-sliding-window --sliding-window --sliding-window-size --cla-share-factor --index-topk "
      "--index-n-heads"
      " --index-head-dim --indexer-loss-coeff --num-zero-experts --linear-key-head-dim --linear-value-head-dim"
      " --linear-num-key-heads --linear-num-value-heads --full-attention-interval --linear-conv-kernel-dim"
      " --n-hash-layers --o-groups --o-lora-rank --hc-mult --compress-rope-theta --original-seq-len --hc-eps"
      " --hc-sinkhorn-iters --index-topk-freq --index-skip-topk-offset --mamba2-head-dim --mamba2-n-groups --d-model"
      " --mamba-d-ssm --moba-topk --moba-chunk-size --moba-calc-method --attention-head-type");
  add(rows, Meaning::model, -1, "--compress-ratios --mtp-spec");
  add(rows, Meaning::model, 0,
      "--enable-dsa-indexer --enable-mla-scale-q-lora --enable-mla-scale-kv-lora --share-kvstates --enable-mhc"
      " --kv-compress --gelu-tanh --enable-shared-expert --square-alibi-mask --fill-neg-inf --embed-layernorm"
      " --input-embeds-norm --use-partial-rope --no-use-sparse-c8-indexer --index-share-for-mtp-iteration"
      " --add-output-layer-bias");
  add(rows, Meaning::software, 0, "--moe-unperm2-mem-optim",
      "outputs of experts are counted as kept; memory is less by them");
  add(rows, Meaning::software, 0, "--moe-zerc", "tokens are exchanged as the scenario's software stack has it");
  add(rows, Meaning::unmodelled, 0, "--mla-zero-memory --moe-unperm2-mem-optim-swap",
      "keeps other activations of experts or latents");
  add(rows, Meaning::unmodelled, 0, "--use-nanopipe-swap", "moves data to the host's memory");
  add(rows, Meaning::unmodelled, 0, "--recompute-mtp-layer --recompute-mtp-norm --moe-adaptive-recompute-activation",
      "recomputes a part of the model");
  add(rows, Meaning::unmodelled, 0, "--use-ema --use-nanopipe --is-pairwise-dataset --orm",
      "is training of another kind");
  add(rows, Meaning::unmodelled, 1, "--ref-model --reward-model --dpo-loss-type --fsdp2-config-path --layerzero-config",
      "is training of another kind");
  add(rows, Meaning::unmodelled, 0, "--smart-swap", "moves data to the host's memory");
  add(rows, Meaning::nothing, 1, "--swap-modules");  // of MCore models attention alone is swapped (swap_attention.md)
  add(rows, Meaning::unmodelled, 0, "--recompute-in-bubble --adaptive-recompute-device-swap",
      "chooses by itself when to recompute");
  add(rows, Meaning::unmodelled, 1, "--adaptive-recompute-device-size",
      "recomputes a part of a layer in some of the layers");
  add(rows, Meaning::software, 0, "--dualpipev-dw-detach",
      "products of weight gradients fill the pipeline's gaps here in any case");
  add(rows, Meaning::software, 0, "--mtp-mem-efficient-logits",
      "logits of one loss at a time are counted, as it has them");
  add(rows, Meaning::unmodelled, 0, "--tp-2d --layerzero --automated-pipeline --auto-settings",
      "changes the work in a way that is not modelled");
  add(rows, Meaning::model, 0, "--add-dense-bias");
  add(rows, Meaning::model, 1, "--fc-type");
  add(rows, Meaning::unmodelled, 1, "--tp-x --tp-y", "changes the work in a way that is not modelled");
  add(rows, Meaning::nothing, -1, "--lora-target-modules --lora-modules-to-save");
  add(rows, Meaning::nothing, 1, "--lora-alpha --lora-dropout --lora-ckpt-filter --lora-load");
  add(rows, Meaning::software, 0, "--variable-seq-lengths", "every sequence is taken as full");
  add(rows, Meaning::software, 0, "--fix-router", "job.expert_imbalance of the scenario says it");
  add(rows, Meaning::software, 1, "--cp-window-size --optimizer-selection");
  add(rows, Meaning::nothing, 1,
      "--swap-optimizer-times --workers --max-batch-size --max-length --moe-model-type --epochs");
  add(rows, Meaning::nothing, 0, "--moe-no-drop --moe-use-sinkhorn --moe-dynamic-padding");
  add(rows, Meaning::model, 1, "--mamba-ngroups --mamba-headdim");
  add(rows, Meaning::model, 0, "--post-norm");
  add(rows, Meaning::unmodelled, 1,
      "--ampipe-degree --simpo-beta --gamma-beta-ratio --simpo-loss-type --reward-tokens --dpo-beta "
      "--rollout-batch-size",
      "is training of another kind");
  Flag stage = mindspeed_field("--stage", &A::stage);
  stage.choices = {"pretrain", "sft"};
  rows.push_back(stage);

  return rows;
}

}  // namespace chipmix::interop
