# Sizes and degrees of https://github.com/NVIDIA/dgxc-benchmarking/blob/143b90dd91f9/nemotron/README_340b.md (TP 8, PP 8,
# micro-batch 1, 12 virtual stages, batch 32 on 128 H100; 96 layers, hidden 18432, vocabulary 256000); heads and query
# groups of arXiv:2406.11704, table 1.
torchrun --nproc_per_node 8 --nnodes 16 pretrain_gpt.py \
    --num-layers 96 --hidden-size 18432 --ffn-hidden-size 73728 --num-attention-heads 96 \
    --group-query-attention --num-query-groups 8 --squared-relu --position-embedding-type rope \
    --untie-embeddings-and-output-weights --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 \
    --vocab-size 256000 --max-position-embeddings 4096 --apply-layernorm-1p \
    --tensor-model-parallel-size 8 --pipeline-model-parallel-size 8 --num-virtual-stages-per-pipeline-rank 12 \
    --sequence-parallel --use-distributed-optimizer \
    --micro-batch-size 1 --global-batch-size 32 --seq-length 4096 --bf16
