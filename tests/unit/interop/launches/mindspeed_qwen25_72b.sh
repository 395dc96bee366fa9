# Sizes and degrees of https://github.com/Ascend/MindSpeed-LLM/blob/7688a067fe22/examples/mcore/qwen25/pretrain_qwen25_72b_32k_ptd.sh.
TP=8
PP=4
CP=4
torchrun --nproc_per_node 8 --nnodes 16 pretrain_gpt.py \
    --context-parallel-size ${CP} --context-parallel-algo megatron_cp_algo \
    --tensor-model-parallel-size ${TP} --pipeline-model-parallel-size ${PP} --sequence-parallel \
    --num-layers 80 --num-layer-list 17,20,22,21 --hidden-size 8192 --ffn-hidden-size 29568 \
    --num-attention-heads 64 --seq-length 32768 --max-position-embeddings 32768 \
    --micro-batch-size 1 --global-batch-size 32 --padded-vocab-size 152064 --untie-embeddings-and-output-weights \
    --disable-bias-linear --add-qkv-bias --attention-dropout 0.0 --hidden-dropout 0.0 --position-embedding-type rope \
    --normalization RMSNorm --swiglu --use-flash-attn --bf16 --group-query-attention --num-query-groups 8 \
    --use-distributed-optimizer --overlap-grad-reduce --use-ascend-coc --coc-fused-kernel
