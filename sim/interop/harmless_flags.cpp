// Arguments of Megatron-LM, its older releases and its descendants (Megatron-DeepSpeed, Pai-Megatron-Patch) that change
// neither plan nor time nor memory, and those that describe models of other kinds (sources as in megatron_flags.cpp;
// https://github.com/deepspeedai/Megatron-DeepSpeed, https://github.com/alibaba/Pai-Megatron-Patch).
#include <algorithm>
#include <array>

#include "interop/flags.hpp"

namespace chipmix::interop {

Flags megatron_harmless() {
  Flags rows;
  add(rows, Meaning::nothing, 1,
      "--data-impl --dataset --dataset-config --epochs --model-type --train-tokens --lr-decay-tokens --lr-warmup-tokens"
      " --deepspeed_config --deepspeed-config --rotary-scale-factor --extra-vocab-size --max-padding-length "
      "--rerun-mode"
      " --dataloader-save --short-seq-prob --mask-prob --ckpt-step --load-mode --pretrained-checkpoint --train-data"
      " --DDP-impl --ddp-num-buckets --ddp-pad-buckets-for-high-nccl-busbw --optimizer-offload-policy --synchronizer"
      " --valid-data --eval-micro-batch-size --moe-loss-coeff --moe-min-capacity --hf-token --sgd-momentum"
      " --embedding-init-method-std --activation-func-clamp-value --glu-linear-offset --memory-snapshot-path"
      " --adlr-autoresume-interval --non-persistent-save-interval --non-persistent-ckpt-type --keep-fp8-transpose-cache"
      " --patch-tokenizer-type --loss-scale-factor --num-dataset-threads --universal-checkpoint --model-config-file"
      " --local-rank --local_rank --moe-router-padding-for-fp8 --transformer-type --moe-router-topk-limited-devices"
      " --language-model-checkpoint --train-mode --moe-model-type --workers --random-seed --log-path --logging-dir "
      "--prompt-type --instruction-template --rank --dist-url");
  add(rows, Meaning::nothing, -1, "--special-tokens --tokenizer-kwargs --data-blend --data-args --valid-path");
  add(rows, Meaning::nothing, 0,
      "--deepspeed --no-barrier-with-level-1-timing --barrier-with-L1-time --use-cpu-initialization --no-pipeline-bias"
      " --log-optimizer-states-to-tensorboard --no-data-sharding --disable-gloo-process-groups "
      "--enable-gloo-process-groups"
      " --no-use-tokenizer-model-from-checkpoint-args --ckpt-assume-constant-structure --record-memory-history"
      " --no-load-lr-state --reset-iteration --debug --verbose --adlr-autoresume --no-one-logger --enable-one-logger"
      " --exit-signal-handler --exit-duration --create-moe-param-group --repeated-dataloader --async-strategy"
      " --apply-query-key-layer-scaling --apply-residual-connection-post-layernorm --save-safetensors "
      "--answer-loss-only"
      " --calc-ft-timeouts --enable-ft-package --check-for-large-grads --check-for-spiky-loss --moe-token-dropping"
      " --disable-moe-token-dropping --no-shuffle --full-validation --keep-last --tokenizer-not-use-fast --broadcast"
      " --use-legacy-models --use-llama2-rotary-position-embeddings --no-fp8-wgrad --rope-no-scaling --sft"
      " --add-bos-token --use-legacy-static-engine --log-energy --log-layers-hidden-norm --no-load-strict"
      " --loss-on-targets-only --reweight-loss-based-on-position-frequency --nvtx-ranges "
      "--abort-on-unmet-fused-kernel-constraints --norm-target-loss --skip-train-iteration-range --cpu-offloading"
      " --disable-bf16-reduced-precision-matmul --no-async-tensor-model-parallel-allreduce "
      "--data-parallel-random-init");
  add(rows, Meaning::software, 1,
      "--attention-mask-type --moe-deepep-num-sms --context-parallel-style --fp8-param-dtype --cuda-graph-warmup-steps"
      " --megatron-fsdp-grad-comm-dtype --moe-hybridep-num-sms --ddp-bucket-pad");
  add(rows, Meaning::software, 0,
      "--sync-tp-duplicated-parameters --use-te --use-tutel --no-scatter-gather-tensors-in-pipeline "
      "--no-contiguous-buffers-in-local-ddp "
      "--no-delay-grad-reduce"
      " --delay-grad-reduce --delay-param-gather --use-multiparameter-pipeline-model-parallel "
      "--disable-tp-comm-bulk-dgrad"
      " --disable-tp-comm-bulk-wgrad --disable-tp-comm-overlap-ag --disable-tp-comm-overlap-rs "
      "--disable-tp-comm-split-ag"
      " --disable-tp-comm-split-rs --tp-comm-bulk-dgrad --tp-comm-bulk-wgrad --tp-comm-overlap-ag --tp-comm-overlap-rs"
      " --tp-comm-overlap-rs-dgrad --moe-use-legacy-grouped-gemm --fsdp-double-buffer --fsdp-manual-registration"
      " --moe-apply-probs-on-input --use-sharp --use-ring-exchange-p2p --moe-router-padding-for-quantization"
      " --ddp-reduce-scatter-with-fp32-accumulation --no-rotary-embed-copy --use-mamba-mem-eff-path "
      "--batch-invariant-mode");
  add(rows, Meaning::unmodelled, 0, "--perform-rl-step --rl-partial-rollouts", "is training of another kind");
  add(rows, Meaning::unmodelled, 1,
      "--grpo-group-size --grpo-prompts-per-step --grpo-iterations --retro-workdir --retro-project-dir --load-teacher",
      "is training of another kind");
  add(rows, Meaning::software, 1, "--moe-train-capacity-factor --moe-eval-capacity-factor",
      "job.expert_imbalance of the scenario says it");
  return rows;
}

namespace {

/// Of public forks: Swiss AI's, BigCode's and BigScience's, Hygon's.
Flags forks() {
  Flags rows;
  add(rows, Meaning::nothing, 1,
      "--fim-rate --fim-spm-rate --fim-split-sample --fim-fragment-rate --valid-num-workers --goldfish-h --goldfish-k"
      " --ademamix-alpha --ademamix-beta3 --ademamix-beta3-warmup --ademamix-alpha-warmup"
      " --rotary-position-embeddings-theta");
  add(rows, Meaning::nothing, 0, "--no-seq-len-plus-one-tokens --goldfish-loss --do-layernorm-bias-weight-decay");
  add(rows, Meaning::nothing, 1, "--model-arch --theoretical-device-tflops --output-prefix");
  add(rows, Meaning::nothing, 0, "--reset-progress");
  add(rows, Meaning::model, 0, "--use-bridge");
  add(rows, Meaning::model, 1, "--bridge-hf-model");
  add(rows, Meaning::software, 1, "--qknorm-impl");
  add(rows, Meaning::software, 0,
      "--decrease-batch-size-if-needed --use-torch-optimizer-for-cpu-offload --overlap-ep-comm-with-split-attn");
  add(rows, Meaning::model, 0, "--xielu");
  add(rows, Meaning::software, 0,
      "--partition-activations --distribute-saved-activations --distribute-checkpointed-activations",
      "saved inputs of layers are counted whole on every rank of a tensor group: memory is an upper bound");
  add(rows, Meaning::unmodelled, 0, "--use-quantize-comm", "sends 8-bit numbers");
  add(rows, Meaning::unmodelled, 0, "--ds-sequence-parallel-fpdt",
      "cuts sequences into pieces that wait in host memory");
  return rows;
}

/// Arguments of the other programs of the same repositories (retrieval, classification, data, sampling, export), which
/// scripts carry along, and of optimizers, restarts and errors made on purpose.
Flags other_programs() {
  Flags rows;
  add(rows, Meaning::nothing, 1,
      "--biencoder-projection-dim --ict-head-size --indexer-batch-size --query-in-block-prob --sample-rate"
      " --retriever-report-topk-accuracies --retriever-seq-length --mask-type --mask-factor --iter-per-epoch"
      " --num-classes --classes-fraction --bert-embedder-type --max-tokens-to-oom --app-tag-run-version --top-k --top-p"
      " --temperature --json-keys --map-keys --max-samples --n-subs --iteration --autotuning --megatron_config"
      " --export-quant-cfg --export-kd-cfg --export-model-type --error-injection-rate --error-injection-type"
      " --replication-factor --replication-jump --iterations-to-skip --train-iters-to-skip --train-range-to-skip"
      " --skip-iters-range --skip-samples-range --skip_iters --inprocess-max-iterations --inprocess-last-call-wait"
      " --inprocess-termination-grace-time --inprocess-granularity --rotary-theta --rope-theta --muon-momentum"
      " --muon-extra-scale-factor --muon-scale-mode --muon-coefficient-type --lion-beta1 --lion-beta2 --nsight-start"
      " --no-weight-decay-cond-type --z-loss-strength --z-loss-weight --softmax-scale --stop-after-num-samples");
  add(rows, Meaning::nothing, 0,
      "--use-mpi --test-mode --bert-no-binary-head --use-one-sent-docs --biencoder-shared-query-context-model"
      " --retriever-score-scaling --output-bert-embeddings --append-eod --keep-newlines --split-sentences --greedy"
      " --overwrite-cache --streaming --chain-of-thought --run-workload-inspector-server --inprocess-restart"
      " --inprocess-empty-cuda-cache --disable-straggler-on-startup --md5-validate --transformer-timers --disable-msc"
      " --enable-msc --export-legacy-megatron --export-te-mcore-model --replication --muon-no-split-qkv"
      " --apply-wd-to-qk-layernorm --auto-skip-spiky-loss --no-shared-fs --moe-use-upcycling --schedulefree-for-each");
  add(rows, Meaning::software, 1,
      "--tp-comm-bootstrap-backend --pipeline-model-parallel-comm-backend --suggested-communication-unit-size"
      " --zero-reduce-bucket-size --zero-allgather-bucket-size --hccl-slice-size --muon-num-ns-steps --muon-tp-mode"
      " --muon-fp32-matmul-prec --symmetric-ar-type --use-torch-compile --sharp-enabled-group");
  add(rows, Meaning::software, 0,
      "--no-clone-scatter-output-in-embedding --no-gradient-reduce-div-fusion --no-align-grad-reduce"
      " --no-pin-cpu-params --overlap-cpu-optimizer-d2h-h2d --cpu_torch_adam --ds_fused_adam --synchronize-each-layer"
      " --zero-contigious-gradients --zero-reduce-scatter --contigious-checkpointing --scattered-embeddings"
      " --disable-mem-efficient-ln --embedding-weights-in-fp32 --use-flash-attn-builder --use-pin-memory"
      " --megatron-cp-in-bnsd --attention-mask-on-cpu --use-contiguous-buffers-in-ddp --no-layer-norm-fusion"
      " --disable-te-fused-rope --disable-jit-fuser --no-optimizer-fusion --optimizer-cuda-graph --use-primus-deepep"
      " --use-primus-grouped-gemm --use-primus-moe-permute-fusion --use-primus-topk-router --use-te-activation-func");
  add(rows, Meaning::model, 0, "--no-final-layernorm --no-pre-norm --qk-clip --parallel_attn --parallel_layernorm");
  add(rows, Meaning::model, 1,
      "--relative-attention-num-buckets --relative-attention-max-distance --num-channels --img-dim");
  add(rows, Meaning::unmodelled, 1, "--pipeline-model-parallel-split-rank --encoder-pipeline-model-parallel-size",
      "is a model with an encoder");
  add(rows, Meaning::unmodelled, 0, "--vision-pretraining --retro-add-retriever", "is a model of another kind");
  add(rows, Meaning::unmodelled, 0, "--random-ltd --kd --mos", "is training of another kind");
  add(rows, Meaning::unmodelled, 1, "--outer-optimizer", "synchronizes replicas only every few steps");
  return rows;
}

}  // namespace

Flags megatron_models() {
  Flags rows = forks();
  for (Flag& row : other_programs()) rows.push_back(std::move(row));
  add(rows, Meaning::model, 0,
      "--geglu --quick-geglu --is-hybrid-model --qk-l2-norm --shared-expert-gate --enable-gpt-oss"
      " --disable-bias-linear-fc --disable-bias-attn-fc --embedding-layernorm --use-alibi-mask --alibi --openai-gelu"
      " --embed-layernorm --onnx-safe --post-layer-norm --no-add-gate --mamba-mixer --attention-output-gate "
      "--bert-binary-head");
  add(rows, Meaning::model, 1,
      "--glu-activation --rope-type --attention-head-type --window-size --window-attn-skip-freq --softmax-type "
      "--encoder-num-layers --decoder-num-layers --mamba-d-state"
      " --mamba-d-conv --mamba-expand --mamba-chunk-size --mamba-headdim --mamba-ngroups --mamba-head-dim "
      "--mamba-state-dim --mamba-num-groups"
      " --mamba-num-heads --hybrid-attention-ratio --hybrid-mlp-ratio --hybrid-override-pattern --hybrid-layer-pattern"
      " --no-rope-freq --moe-latent-size --linear-key-head-dim --linear-value-head-dim --linear-num-key-heads"
      " --linear-num-value-heads --full-attention-interval --linear-conv-kernel-dim --encoder-seq-length"
      " --decoder-seq-length --img-h --img-w --patch-dim --image-size --sliding-window --rotary-interleave-step"
      " --experimental-attention-variant --kv-lora-scale --n-head-kv --mlp-type --linear-attention-freq"
      " --dsa-indexer-topk --dsa-indexer-n-heads --dsa-indexer-head-dim");
  add(rows, Meaning::model, -1, "--mrope-section");
  return rows;
}

bool is_harmless_by_name(std::string_view flag) {
  constexpr std::array harmless{
      "log",         "logs",   "logging", "logger",    "wandb",   "tensorboard", "save",   "load",     "ckpt",
      "path",        "paths",  "dir",     "file",      "files",   "tokenizer",   "token",  "data",     "dataset",
      "datasets",    "lr",     "seed",    "eval",      "profile", "profiler",    "prompt", "template", "checkpoint",
      "checkpoints", "name",   "project", "entity",    "folder",  "verbose",     "debug",  "interval", "timeout",
      "image",       "port",   "addr",    "warmup",    "nsys",    "print",       "coeff",  "init",     "scheduler",
      "comet",       "mlflow", "monitor", "validation"};
  // Words that speak of time or memory, whatever stands beside them.
  constexpr std::array weighty{"parallel", "shard",  "sharding",  "offload",  "offloading", "recompute", "swap",
                               "dtype",    "layers", "size",      "balanced", "micro",      "batch",     "fsdp",
                               "zero",     "fp8",    "optimizer", "lora",     "freeze",     "reload",    "gpus"};
  const auto is_in = [](const auto& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  if (flag.starts_with("--inference-") || flag.starts_with("--eval-")) return true;
  bool found = false;
  for (std::size_t begin = 2; begin < flag.size();) {
    const std::size_t end = std::min(flag.find_first_of("-_", begin), flag.size());
    const std::string_view word = flag.substr(begin, end - begin);
    if (is_in(weighty, word)) return false;
    found = found || is_in(harmless, word);
    begin = end + 1;
  }
  return found;
}

}  // namespace chipmix::interop
