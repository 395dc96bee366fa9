// Arguments of Megatron-LM that a plan does not hold: what they change, and what is done about it (sources as in
// megatron_flags.cpp).
#include "interop/flags.hpp"

namespace chipmix::interop {
namespace {

void add_nothing(Flags& rows) {
  const auto nothing = [&](int values, const char* list) { add(rows, Meaning::nothing, values, list); };
  nothing(1,
          "--node-rank --node_rank --master-addr --master_addr --master-port --master_port --rdzv-id --rdzv_id"
          " --rdzv-backend --rdzv_backend --rdzv-endpoint --rdzv_endpoint --rdzv-conf --rdzv_conf --log-dir --log_dir"
          " --max-restarts --max_restarts --tee --redirects --local-ranks-filter");
  nothing(1,
          "--lr --min-lr --lr-decay-style --lr-decay-iters --lr-decay-samples --lr-warmup-iters --lr-warmup-samples"
          " --lr-warmup-fraction --lr-warmup-init --lr-wsd-decay-style --lr-wsd-decay-iters --lr-wsd-decay-samples"
          " --decoupled-lr --decoupled-min-lr --weight-decay --start-weight-decay --end-weight-decay"
          " --weight-decay-incr-style --clip-grad --adam-beta1 --adam-beta2 --adam-eps --init-method-std --seed"
          " --loss-scale --initial-loss-scale --min-loss-scale --loss-scale-window --hysteresis --norm-epsilon"
          " --layernorm-epsilon --rotary-base --rotary-percent --rotary-seq-len-interpolation-factor"
          " --rotary-scaling-factor --rope-scaling-factor --original-max-position-embeddings --mscale"
          " --mscale-all-dim --beta-fast --beta-slow --mtp-loss-scaling-factor");
  nothing(1,
          "--moe-router-load-balancing-type --moe-aux-loss-coeff --moe-z-loss-coeff --moe-router-score-function"
          " --moe-router-topk-scaling-factor --moe-router-bias-update-rate --moe-token-drop-policy");
  nothing(1,
          "--train-iters --train-samples --exit-interval --exit-duration-in-mins --distributed-backend"
          " --distributed-timeout-minutes --eval-interval --eval-iters --eval-global-batch-size --save --load"
          " --save-interval --save-retain-interval --ckpt-format --dist-ckpt-format --dist-ckpt-strictness"
          " --log-interval --logging-level --tensorboard-dir --tensorboard-queue-size"
          " --tensorboard-log-interval --wandb-project --wandb-exp-name --wandb-save-dir --wandb-entity"
          " --profile-step-start --profile-step-end --timing-log-level --timing-log-option --straggler-minmax-count");
  nothing(1,
          "--tokenizer-type --tokenizer-model --tokenizer-name-or-path --vocab-file --merge-file --split"
          " --data-cache-path --data-args-path --num-workers --dataloader-type --num-dataset-builder-threads"
          " --tiktoken-pattern --tiktoken-num-special-tokens --vocab-extra-ids");
  nothing(-1,
          "--data-path --train-data-path --valid-data-path --test-data-path --per-split-data-args-path"
          " --profile-ranks --spec --tiktoken-special-tokens");
  nothing(0,
          "--standalone --no-save-optim --no-save-rng --no-load-optim --no-load-rng --finetune"
          " --override-opt_param-scheduler --override-opt-param-scheduler --use-checkpoint-opt_param-scheduler"
          " --use-checkpoint-args --exit-on-missing-checkpoint --no-ckpt-fully-parallel-save --auto-detect-ckpt-format "
          "--async-save --use-dist-ckpt --ckpt-fully-parallel-load --ckpt-fully-parallel-save"
          " --no-initialization --use-mcore-models --enable-experimental --mock-data --no-mmap-bin-files"
          " --no-create-attention-mask-in-dataloader --reset-position-ids --reset-attention-mask --eod-mask-loss"
          " --no-position-embedding --use-rope-scaling --rotary-interleaved --apply-layernorm-1p"
          " --calculate-per-token-loss --no-check-for-nan-in-loss-and-grad --check-for-nan-in-loss-and-grad"
          " --moe-router-pre-softmax --profile --use-pytorch-profiler --trust-remote-code");
  nothing(0,
          "--log-throughput --log-progress --log-params-norm --log-num-zeros-in-grad --log-timers-to-tensorboard"
          " --log-memory-to-tensorboard --log-validation-ppl-to-tensorboard --log-batch-size-to-tensorboard"
          " --log-loss-scale-to-tensorboard --log-world-size-to-tensorboard --no-log-loss-scale-to-tensorboard"
          " --no-log-learnig-rate-to-tensorboard --log-straggler --log-device-memory-used --moe-per-layer-logging");
}

/// FlagScale's own.
void add_meshes(Flags& rows) {
  add(rows, Meaning::nothing, 1, "--hetero-current-device-type");
  add(rows, Meaning::software, 0, "--hetero-use-cpu-communication --use-partial-reduce-for-shared-embedding");
}

void add_software(Flags& rows) {
  const auto software = [&](int values, const char* list) { add(rows, Meaning::software, values, list); };
  software(1,
           "--wgrad-deferral-limit --moe-token-dispatcher-type --moe-router-dtype"
           " --cross-entropy-fusion-impl --fp8-amax-history-len --fp8-amax-compute-algo --fp8-recipe --fp8-margin"
           " --fp8-interval --manual-gc-interval --empty-unused-memory-level --cuda-graph-impl --ddp-bucket-size"
           " --nccl-communicator-config-path --tp-comm-overlap-cfg --moe-flex-dispatcher-backend");
  software(-1, "--cuda-graph-scope --high-priority-stream-groups");
  software(0,
           "--overlap-grad-reduce --overlap-param-gather --overlap-param-gather-with-optimizer-step"
           " --no-align-param-gather --tp-comm-overlap --no-overlap-p2p-communication --overlap-p2p-communication"
           " --overlap-p2p-communication-warmup-flush --overlap-moe-expert-parallel-comm --delay-wgrad-compute"
           " --moe-shared-expert-overlap --moe-grouped-gemm --moe-permute-fusion --moe-router-fusion"
           " --moe-enable-deepep --no-masked-softmax-fusion --no-bias-gelu-fusion --no-bias-swiglu-fusion"
           " --no-bias-dropout-fusion --no-rope-fusion --apply-rope-fusion --no-gradient-accumulation-fusion"
           " --gradient-accumulation-fusion --no-persist-layer-norm --cross-entropy-loss-fusion "
           "--use-fused-weighted-squared-relu"
           " --attention-softmax-in-fp32"
           " --fp8-param-gather --manual-gc --deterministic-mode --no-async-tensor-model-parallel-allreduce"
           " --defer-embedding-wgrad-compute --enable-cuda-graph --external-cuda-graph --te-rng-tracker"
           " --use-tp-pp-dp-mapping --use-nccl-ub --init-model-with-meta-device --ddp-average-in-collective"
           " --fp16-lm-cross-entropy --no-query-key-layer-scaling");
  add(rows, Meaning::software, 3, "--rampup-batch-size", "every step is taken at the full batch");
  add(rows, Meaning::software, -1, "--step-batch-size-schedule", "every step is taken at the full batch");
  add(rows, Meaning::software, 0, "--moe-router-force-load-balancing --moe-pad-expert-input-to-capacity",
      "job.expert_imbalance of the scenario says it");
}

void add_unmodelled(Flags& rows) {
  const auto unmodelled = [&](int values, const char* list, const char* why) {
    add(rows, Meaning::unmodelled, values, list, why);
  };
  unmodelled(0, "--no-cpu-offloading-activations", "moves activations to the host's memory");
  unmodelled(0, "--fp32-residual-connection", "keeps the activations between layers in fp32");
  unmodelled(0, "--skip-train --inference", "trains nothing");
  unmodelled(1, "--num-distributed-optimizer-instances", "spreads optimizer states over a part of the replicas");
  unmodelled(1, "--microbatch-group-size-per-virtual-pipeline-stage", "changes the order of the interleaved schedule");
  unmodelled(0, "--moe-extended-tp --moe-layer-recompute", "is an older setting whose effect is not modelled");
  unmodelled(-1,
             "--recompute-granularity-per-stage-micro-batch --recompute-method-per-stage-micro-batch"
             " --recompute-num-layers-per-stage-micro-batch",
             "recomputes in some micro-batches only");
  unmodelled(-1, "--hetero-pipeline-stages", "is an older setting of meshes");
  unmodelled(1, "--fp4-format", "trains in fp4");
  unmodelled(0, "--first-last-layers-bf16", "trains the first and last layers in another format");
  unmodelled(1, "--heterogeneous-layers-config-path --yaml-cfg", "describes another kind of model, or another file");
  unmodelled(0, "--standalone-embedding-stage", "gives the embedding a stage of its own");
  unmodelled(0, "--freeze-LM --freeze-ViT --freeze-lm --freeze-vit", "trains a part of the model");
}

}  // namespace

Flags megatron_others() {
  Flags rows;
  add_nothing(rows);
  add_meshes(rows);
  add_software(rows);
  add_unmodelled(rows);
  return rows;
}

}  // namespace chipmix::interop
