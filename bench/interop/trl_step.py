"""One step of TRL's GRPOTrainer, and a next-token step, on the workload of `midtrain bench`. Prints one JSON object.

The model, the number of prompts, completions and tokens are the same; texts are random tokens, one word each. Settings are
the fastest that were found for TRL on CPU: rows of 64, and malloc told not to give memory back between them.
"""

import argparse
import json
import os
import random
import resource
import statistics
import sys
import time

MALLOC = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184"}
if any(os.environ.get(name) != value for name, value in MALLOC.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MALLOC, "HF_HUB_OFFLINE": "1"})

parser = argparse.ArgumentParser()
parser.add_argument("--documents", type=int, default=8)
parser.add_argument("--document-tokens", type=int, default=140)
parser.add_argument("--positions", type=int, default=8)
parser.add_argument("--branches", type=int, default=8)
parser.add_argument("--new-tokens", type=int, default=24)
parser.add_argument("--rows", type=int, default=64, help="completions of one forward and backward pass")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=3)
parser.add_argument("--warm-up", type=int, default=1)
parser.add_argument("--output", default="trl-output")
options = parser.parse_args()

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers

torch.set_num_threads(options.threads)
torch.manual_seed(0)
random.seed(0)
VOCABULARY = 2048

words = {f"t{i}": i for i in range(VOCABULARY)}
backend = Tokenizer(models.WordLevel(words, unk_token="t0"))
backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer = transformers.PreTrainedTokenizerFast(
    tokenizer_object=backend, pad_token="t0", eos_token="t1", padding_side="left"
)
config = transformers.LlamaConfig(
    hidden_size=128,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=4,
    intermediate_size=352,
    vocab_size=VOCABULARY,
    max_position_embeddings=16384,
    tie_word_embeddings=True,
    pad_token_id=0,
    # The trainer wants a token that ends a completion: about one in 2,048. `meanCompletion` says what that came to.
    eos_token_id=1,
    bos_token_id=None,
)
model = transformers.LlamaForCausalLM(config)

steps = options.warm_up + options.steps
documents = [
    [random.randrange(2, VOCABULARY) for _ in range(options.document_tokens)]
    for _ in range(options.documents * steps)
]
prompts = [
    " ".join(f"t{token}" for token in document[: random.randrange(1, options.document_tokens)])
    for document in documents
    for _ in range(options.positions)
]
completions = options.documents * options.positions * options.branches

generated, step_seconds = [], []


class Timed(trl.GRPOTrainer):
    def _generate_single_turn(self, *args, **kwargs):
        start = time.perf_counter()
        result = super()._generate_single_turn(*args, **kwargs)
        generated.append(time.perf_counter() - start)
        return result


class Clock(transformers.TrainerCallback):
    def on_step_begin(self, *args, **kwargs):
        self.start = time.perf_counter()

    def on_step_end(self, *args, **kwargs):
        step_seconds.append(time.perf_counter() - self.start)


lengths = []


def reward(completion_ids, **_):
    lengths.extend(map(len, completion_ids))
    return [float(random.random()) for _ in completion_ids]


trainer = Timed(
    model=model,
    args=trl.GRPOConfig(
        output_dir=options.output,
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=options.rows,
        gradient_accumulation_steps=completions // options.rows,
        num_generations=options.branches,
        max_completion_length=options.new_tokens,
        temperature=1.0,
        beta=0.0,
        loss_type="grpo",
        learning_rate=1e-4,
        max_steps=steps,
        shuffle_dataset=False,
        report_to="none",
        save_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    ),
    processing_class=tokenizer,
    reward_funcs=[reward],
    train_dataset=Dataset.from_list([{"prompt": prompt} for prompt in prompts]),
    callbacks=[Clock()],
)
trainer.train()

optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
next_token = []
for step in range(steps):
    batch = torch.tensor(documents[step * options.documents : (step + 1) * options.documents])
    start = time.perf_counter()
    model(input_ids=batch, labels=batch, use_cache=False).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    next_token.append(time.perf_counter() - start)


def middle(values):
    return statistics.median(values[options.warm_up :])


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "trl": trl.__version__,
            "completions": completions,
            "meanPrefix": statistics.mean(len(prompt.split()) for prompt in prompts),
            "meanCompletion": statistics.mean(lengths),
            "stepSeconds": middle(step_seconds),
            "generateSeconds": middle(generated),
            "nextTokenSeconds": middle(next_token),
            "seconds": middle(step_seconds) + middle(next_token),
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
