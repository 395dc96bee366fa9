# Sizes and degrees of https://github.com/moguizhizi/MindSpeed-LLM/blob/33b0862500e9 (a copy of MindSpeed-LLM),
# examples/legacy/llama2/pretrain_llama2_70b_ptd.sh.
torchrun --nproc_per_node 8 --nnodes 4 pretrain_gpt.py \
    --tensor-model-parallel-size 8 --pipeline-model-parallel-size 4 --sequence-parallel \
    --num-layers 80 --hidden-size 8192 --ffn-hidden-size 28672 --num-attention-heads 64 \
    --seq-length 4096 --max-position-embeddings 4096 --micro-batch-size 1 --global-batch-size 1024 \
    --untie-embeddings-and-output-weights --attention-dropout 0.0 --hidden-dropout 0.0 --vocab-size 32000 \
    --position-embedding-type rope --normalization RMSNorm --swiglu --disable-bias-linear \
    --group-query-attention --num-query-groups 8 --bf16 --num-layers-per-virtual-pipeline-stage 5
