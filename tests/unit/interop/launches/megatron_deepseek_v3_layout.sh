# Sizes and degrees of https://github.com/yanring/Megatron-MoE-ModelZoo: best_practice/DeepSeekV3/run.sh (c1ad0b5c89f4),
# "best config on 1024 H100 GPUs", and model_configs/benchmarking/DeepSeek-V3.yaml (31942f0973c9); of its recomputed
# modules, mla_up_proj alone (mlp is a whole MLP).
PP=8 TP=2 EP=64 NNODES=128
torchrun --nproc_per_node 8 --nnodes $NNODES pretrain_gpt.py \
    --num-layers 61 --hidden-size 7168 --ffn-hidden-size 18432 --num-attention-heads 128 --kv-channels 128 \
    --normalization RMSNorm --swiglu --position-embedding-type rope --untie-embeddings-and-output-weights \
    --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 --qk-layernorm --multi-latent-attention \
    --q-lora-rank 1536 --kv-lora-rank 512 --qk-head-dim 128 --qk-pos-emb-head-dim 64 --v-head-dim 128 \
    --num-experts 256 --moe-layer-freq "([0]*3+[1]*58)" --moe-ffn-hidden-size 2048 --moe-router-topk 8 \
    --moe-shared-expert-intermediate-size 2048 --moe-router-group-topk 4 --moe-router-num-groups 8 \
    --moe-router-enable-expert-bias --max-position-embeddings 4096 --make-vocab-size-divisible-by 3232 \
    --tensor-model-parallel-size $TP --pipeline-model-parallel-size $PP --expert-model-parallel-size $EP \
    --expert-tensor-parallel-size 1 --use-distributed-optimizer --sequence-parallel \
    --pipeline-model-parallel-layout "Et|(tt|)*30mL" --mtp-num-layers 1 --mtp-loss-scaling-factor 0.1 \
    --recompute-granularity selective --recompute-modules mla_up_proj \
    --micro-batch-size 1 --global-batch-size 8192 --seq-length 4096 --bf16 --fp8-format e4m3
