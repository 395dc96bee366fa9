# Sizes and degrees of https://github.com/yanring/Megatron-MoE-ModelZoo: best_practice/qwen3/run_h100_235b.sh (bff1229087c1) and
# model_configs/benchmarking/Qwen3-235B-A22B.yaml (1ed4179f72e4).
torchrun --nproc_per_node 8 --nnodes 32 pretrain_gpt.py \
    --num-layers 94 --hidden-size 4096 --ffn-hidden-size 12288 --num-attention-heads 64 --kv-channels 128 \
    --group-query-attention --num-query-groups 4 --qk-layernorm --normalization RMSNorm --swiglu \
    --position-embedding-type rope --untie-embeddings-and-output-weights --disable-bias-linear \
    --attention-dropout 0.0 --hidden-dropout 0.0 --max-position-embeddings 40960 \
    --num-experts 128 --moe-ffn-hidden-size 1536 --moe-router-topk 8 --moe-grouped-gemm \
    --tensor-model-parallel-size 2 --pipeline-model-parallel-size 8 --expert-model-parallel-size 32 \
    --num-layers-per-virtual-pipeline-stage 3 --expert-tensor-parallel-size 1 \
    --account-for-embedding-in-pipeline-split --account-for-loss-in-pipeline-split \
    --use-distributed-optimizer --sequence-parallel \
    --recompute-granularity selective --recompute-modules moe_act layernorm \
    --micro-batch-size 1 --global-batch-size 2048 --seq-length 4096 --bf16
