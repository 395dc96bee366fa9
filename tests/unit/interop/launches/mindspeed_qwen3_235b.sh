# Sizes and degrees of https://github.com/Ascend/MindSpeed-LLM/blob/197f863f30a1/examples/mcore/qwen3_moe/pretrain_qwen3_235b_a22b_4k_A3_ptd.sh,
# less --reuse-fp32-param. The script has no norms of queries and keys.
VPP=8
torchrun --nproc_per_node 16 --nnodes 16 pretrain_gpt.py \
    --tensor-model-parallel-size 2 --pipeline-model-parallel-size 4 --expert-model-parallel-size 32 \
    --context-parallel-size 1 --context-parallel-algo megatron_cp_algo \
    --num-layers-per-virtual-pipeline-stage ${VPP} --sequence-parallel --noop-layers 94,95 --num-layers 96 \
    --recompute-granularity full --recompute-method block --recompute-num-layers 8 \
    --num-experts 128 --moe-router-topk 8 --moe-intermediate-size 1536 --moe-ffn-hidden-size 1536 \
    --moe-tp-extend-ep --use-distributed-optimizer --micro-batch-size 1 --global-batch-size 1024 --seq-length 4096 \
    --kv-channels 128 --hidden-size 4096 --ffn-hidden-size 8192 --num-attention-heads 64 \
    --group-query-attention --num-query-groups 4 --untie-embeddings-and-output-weights --disable-bias-linear \
    --attention-dropout 0.0 --hidden-dropout 0.0 --position-embedding-type rope --normalization RMSNorm --swiglu --bf16
