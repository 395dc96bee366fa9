# Sizes and degrees of https://github.com/moguizhizi/MindSpeed-LLM/blob/e6d441a17ea6 (a copy of MindSpeed-LLM),
# examples/legacy/llama3/pretrain_llama3_70b_ptd.sh.
NPUS_PER_NODE=8
NNODES=8
TP=8
PP=8
DISTRIBUTED_ARGS="
    --nproc_per_node $NPUS_PER_NODE \
    --nnodes $NNODES
"
GPT_ARGS="
    --tensor-model-parallel-size ${TP} \
    --pipeline-model-parallel-size ${PP} \
    --micro-batch-size 1 --global-batch-size 512 --sequence-parallel \
    --use-flash-attn --use-rotary-position-embeddings --use-fused-rmsnorm \
    --num-layers 80 --hidden-size 8192 --ffn-hidden-size 28672 --num-attention-heads 64 \
    --group-query-attention --num-query-groups 8 --seq-length 8192 --max-position-embeddings 8192 \
    --make-vocab-size-divisible-by 16032 --untie-embeddings-and-output-weights --disable-bias-linear \
    --attention-dropout 0.0 --hidden-dropout 0.0 --normalization RMSNorm --swiglu --bf16
"
torchrun $DISTRIBUTED_ARGS pretrain_gpt.py \
    $GPT_ARGS \
    --distributed-backend nccl \
    | tee logs/train_llama3_70b.log
