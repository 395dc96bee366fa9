# Sizes and degrees of https://github.com/yanring/Megatron-MoE-ModelZoo/blob/30631ea5a4aa/runtime_configs/benchmarking/runtime.conf
# ("1 4 8 1 8 1 256 32": TP, PP, EP, CP, VPP, micro-batch, batch, layers; 8 servers of 8 H100).
TP=1 PP=4 EP=8 VPP=8 NUM_LAYERS=32
LAYERS_PER_VP=$((NUM_LAYERS / PP / VPP))
torchrun --nproc-per-node=8 --nnodes=8 pretrain_gpt.py \
    --tensor-model-parallel-size $TP --pipeline-model-parallel-size $PP --expert-model-parallel-size $EP \
    --num-layers-per-virtual-pipeline-stage $LAYERS_PER_VP --expert-tensor-parallel-size 1 \
    --use-distributed-optimizer --sequence-parallel --overlap-grad-reduce --overlap-param-gather \
    --micro-batch-size 1 --global-batch-size 256 --seq-length 4096 --max-position-embeddings 32768 \
    --num-layers $NUM_LAYERS --hidden-size 4096 --ffn-hidden-size 14336 --num-attention-heads 32 \
    --group-query-attention --num-query-groups 8 --normalization RMSNorm --position-embedding-type rope --swiglu \
    --untie-embeddings-and-output-weights --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 \
    --num-experts 8 --moe-router-topk 2 --moe-grouped-gemm --moe-token-dispatcher-type alltoall --bf16
