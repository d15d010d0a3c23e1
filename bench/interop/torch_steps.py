"""What bench/interop/torch.mjs compares with: PyTorch, eager. python torch_steps.py gemm|small|mid THREADS REPEATS

Prints one JSON object with the seconds of each repetition. The step is a Llama-like decoder with tied embeddings: forward,
backward, clipping to norm 1 and fused AdamW. PyTorch's own fused attention, norm and loss are used where it has them.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

what, threads, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
T = 128
SIZES = {
    "small": dict(width=128, layers=4, heads=4, kv=4, inner=512, vocabulary=2048, rows=16),
    "mid": dict(width=576, layers=6, heads=9, kv=3, inner=1536, vocabulary=8192, rows=8),
}


def gemm():
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    out = torch.empty(1024, 1024)
    return lambda: torch.mm(a, b, out=out)


def train(width, layers, heads, kv, inner, vocabulary, rows):
    head = width // heads
    new = lambda *shape: (torch.randn(*shape) * 0.02).requires_grad_()
    embedding, final = new(vocabulary, width), torch.ones(width, requires_grad=True)
    blocks = [
        dict(
            q=new(width, width), k=new(kv * head, width), v=new(kv * head, width), o=new(width, width),
            gate=new(inner, width), up=new(inner, width), down=new(width, inner),
            norm1=torch.ones(width, requires_grad=True), norm2=torch.ones(width, requires_grad=True),
        )
        for _ in range(layers)
    ]
    parameters = [embedding, final] + [p for block in blocks for p in block.values()]
    angles = torch.outer(torch.arange(T).float(), 1e4 ** (-torch.arange(head // 2).float() / (head // 2)))
    cos, sin = (torch.cat([f, f], -1) for f in (angles.cos(), angles.sin()))

    def rotary(x):
        a, b = x.chunk(2, -1)
        return x * cos + torch.cat([-b, a], -1) * sin

    def forward(ids):
        x = F.embedding(ids, embedding)
        for w in blocks:
            h = F.rms_norm(x, (width,), w["norm1"], 1e-5)
            split = lambda name, count: F.linear(h, w[name]).view(rows, T, count, head).transpose(1, 2)
            mixed = F.scaled_dot_product_attention(
                rotary(split("q", heads)), rotary(split("k", kv)), split("v", kv),
                is_causal=True, enable_gqa=heads != kv,
            )
            x = x + F.linear(mixed.transpose(1, 2).reshape(rows, T, width), w["o"])
            h = F.rms_norm(x, (width,), w["norm2"], 1e-5)
            x = x + F.linear(F.silu(F.linear(h, w["gate"])) * F.linear(h, w["up"]), w["down"])
        return F.linear(F.rms_norm(x, (width,), final, 1e-5), embedding)

    optimiser = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    ids = torch.randint(0, vocabulary, (rows, T))

    def step():
        loss = F.cross_entropy(forward(ids)[:, :-1].reshape(-1, vocabulary), ids[:, 1:].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        return loss.item()

    return step


run = gemm() if what == "gemm" else train(**SIZES[what])
seconds = []
for _ in range(repeats):
    start = time.perf_counter()
    run()
    seconds.append(time.perf_counter() - start)
print(json.dumps(dict(version=torch.__version__, seconds=seconds)))
