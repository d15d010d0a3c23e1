"""What bench/interop/smollm2.mjs compares with: python smollm2_steps.py full|lora|decode MODEL THREADS REPEATS

Hugging Face's SmolLM2-135M in eager PyTorch, float32, with its fused attention and fused AdamW; `lora` is PEFT's adapter on
all linear layers. Prints one JSON object with the seconds of each repetition, the first loss and the peak memory.
"""
import json
import resource
import sys
import time

import torch
import transformers

what, directory, threads, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)
transformers.logging.disable_progress_bar()
ROWS, LENGTH = 4, 128
BRANCHES, PREFIX, NEW = 64, 200, 32

model = transformers.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="sdpa")
token = lambda i: i * 2654435761 % model.config.vocab_size


def train():
    model.train()
    model.config.use_cache = False
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    ids = torch.tensor([[token(row * LENGTH + i) for i in range(LENGTH)] for row in range(ROWS)])

    def step():
        loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        return loss.item()

    return step


def decode():
    model.eval()
    row = torch.tensor([token(i) for i in range(PREFIX)])
    ids = row.repeat(BRANCHES, 1)
    options = dict(
        max_new_tokens=NEW, min_new_tokens=NEW, do_sample=True, temperature=1.0, top_k=0, top_p=1.0, pad_token_id=2
    )

    def step():
        out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), **options)
        assert out.shape == (BRANCHES, PREFIX + NEW)

    return step


if what == "lora":
    import peft

    settings = peft.LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
    model = peft.get_peft_model(model, settings)
run = decode() if what == "decode" else train()
seconds, results = [], []
for _ in range(repeats):
    start = time.perf_counter()
    results.append(run())
    seconds.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
version = dict(torch=torch.__version__, transformers=transformers.__version__)
print(json.dumps(dict(version=version, seconds=seconds, firstLoss=results[0], peakBytes=peak)))
