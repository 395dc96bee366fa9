# Sizes and degrees of https://github.com/Ascend/MindSpeed-LLM/blob/2f4098c6420c/examples/mcore/llama31/pretrain_llama31_405b_8k_A3_ptd.sh,
# less --reuse-fp32-param. Its 16 query groups are not the published model's 8.
NUM_LAYER=126
torchrun --nproc_per_node 16 --nnodes 8 pretrain_gpt.py \
    --tensor-model-parallel-size 16 --pipeline-model-parallel-size 8 \
    --num-layer-list 15,16,16,16,16,16,16,15 \
    --recompute-method block --recompute-granularity full --recompute-num-layers 12 \
    --overlap-grad-reduce --overlap-param-gather --use-distributed-optimizer \
    --micro-batch-size 1 --global-batch-size 512 --sequence-parallel \
    --num-layers ${NUM_LAYER} --hidden-size 16384 --ffn-hidden-size 53248 --num-attention-heads 128 \
    --group-query-attention --num-query-groups 16 --seq-length 8192 --max-position-embeddings 131072 \
    --untie-embeddings-and-output-weights --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 \
    --position-embedding-type rope --normalization RMSNorm --swiglu --bf16
