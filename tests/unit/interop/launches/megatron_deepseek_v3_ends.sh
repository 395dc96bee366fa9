# Sizes and degrees of https://github.com/yanring/Megatron-MoE-ModelZoo: runtime_configs/benchmarking/runtime.conf
# (30631ea5a4aa, "1 16 64 1 1 1 8192 61 ... 4 1": 4 layers on the first stage, 1 on the last).
torchrun --nproc_per_node 8 --nnodes 128 pretrain_gpt.py \
    --num-layers 61 --hidden-size 7168 --ffn-hidden-size 18432 --num-attention-heads 128 --kv-channels 128 \
    --normalization RMSNorm --swiglu --position-embedding-type rope --untie-embeddings-and-output-weights \
    --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 --qk-layernorm --multi-latent-attention \
    --q-lora-rank 1536 --kv-lora-rank 512 --qk-head-dim 128 --qk-pos-emb-head-dim 64 --v-head-dim 128 \
    --num-experts 256 --moe-layer-freq "([0]*3+[1]*58)" --moe-ffn-hidden-size 2048 --moe-router-topk 8 \
    --moe-shared-expert-intermediate-size 2048 --moe-router-group-topk 4 --moe-router-num-groups 8 \
    --moe-router-enable-expert-bias --max-position-embeddings 4096 --make-vocab-size-divisible-by 3232 \
    --tensor-model-parallel-size 1 --pipeline-model-parallel-size 16 --expert-model-parallel-size 64 \
    --decoder-first-pipeline-num-layers 4 --decoder-last-pipeline-num-layers 1 --mtp-num-layers 1 \
    --expert-tensor-parallel-size 1 --use-distributed-optimizer \
    --micro-batch-size 1 --global-batch-size 8192 --seq-length 4096 --bf16
