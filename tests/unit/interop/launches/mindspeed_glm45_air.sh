# Sizes and degrees of https://github.com/Ascend/MindSpeed-LLM/blob/0fe6d98a4989/examples/mcore/glm45-moe/pretrain_glm45_moe_106b_4k_A3_ptd.sh,
# less --post-norm.
torchrun --nproc_per_node 16 --nnodes 8 pretrain_gpt.py \
    --tensor-model-parallel-size 1 --pipeline-model-parallel-size 4 --expert-model-parallel-size 16 \
    --recompute-method uniform --recompute-granularity full --recompute-num-layers 1 --noop-layers 1,47 \
    --sequence-parallel --mtp-num-layers 1 --kv-channels 128 --use-distributed-optimizer \
    --num-layers 48 --hidden-size 4096 --ffn-hidden-size 10944 --num-attention-heads 96 --seq-length 4096 \
    --micro-batch-size 1 --global-batch-size 64 --max-position-embeddings 131072 --padded-vocab-size 151552 \
    --group-query-attention --num-query-groups 8 --disable-bias-linear --add-qkv-bias --position-embedding-type rope \
    --rotary-percent 0.5 --normalization RMSNorm --swiglu --untie-embeddings-and-output-weights \
    --attention-dropout 0.0 --hidden-dropout 0.0 --first-k-dense-replace 1 --moe-layer-freq 1 --n-shared-experts 1 \
    --num-experts 128 --moe-router-topk 8 --moe-ffn-hidden-size 1408 --moe-router-topk-scaling-factor none \
    --moe-router-enable-expert-bias --bf16
