"""Makes the quickstart's data: GSM8K, compressed, and a tokenizer of 2,048 tokens trained on it.

    pip install tokenizers==0.23.3
    python scripts/make-quickstart-assets.py --gsm8k FOLDER

FOLDER holds train.jsonl and test.jsonl as in grade_school_math/data of https://github.com/openai/grade-school-math.
Running it again on the same files gives the same bytes.
"""

import argparse
import gzip
import json
import re
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

ASSETS = Path(__file__).resolve().parent.parent / "apps" / "cli" / "assets"
VOCABULARY_SIZE = 2048
END_OF_TEXT = "<|endoftext|>"
PAD = "<|pad|>"
# As in Qwen3's tokenizer these are whole tokens, yet not hidden when special tokens are skipped in decoding.
MARKERS = ["<think>", "</think>", "<|budget|>"]
CALCULATOR_NOTE = re.compile(r"<<[^<>]*>>")
TRAINING_LINES = 7473
TEST_LINES = 1319


def read_examples(file: Path, expected: int) -> list[dict[str, str]]:
    examples = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if len(examples) != expected:
        raise SystemExit(f"{file}: {len(examples)} examples, expected GSM8K's {expected}")
    return [{"question": example["question"], "answer": example["answer"]} for example in examples]


def write_compressed(examples: list[dict[str, str]], file: Path) -> None:
    lines = "".join(json.dumps(example, ensure_ascii=False) + "\n" for example in examples)
    # No name and no time in the header: the bytes depend on the examples alone.
    file.write_bytes(gzip.compress(lines.encode("utf-8"), compresslevel=9, mtime=0))


def train_tokenizer(texts: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True, normalized=False) for text in (END_OF_TEXT, PAD)]
    markers = [AddedToken(text, special=False, normalized=False) for text in MARKERS]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=special + markers,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    state = json.loads(tokenizer.to_str())
    for token in state["added_tokens"]:
        # The trainer marks all its reserved tokens as special.
        token["special"] = token["content"] not in MARKERS
    (folder / "tokenizer.json").write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    configuration = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "eos_token": END_OF_TEXT,
        "pad_token": PAD,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gsm8k", type=Path, required=True, help="folder with train.jsonl and test.jsonl")
    folder = parser.parse_args().gsm8k

    training = read_examples(folder / "train.jsonl", TRAINING_LINES)
    test = read_examples(folder / "test.jsonl", TEST_LINES)
    for name in ("gsm8k", "tokenizer"):
        (ASSETS / name).mkdir(parents=True, exist_ok=True)
    write_compressed(training, ASSETS / "gsm8k" / "train.jsonl.gz")
    write_compressed(test, ASSETS / "gsm8k" / "test.jsonl.gz")

    texts = [CALCULATOR_NOTE.sub("", f"{example['question']}\n{example['answer']}") for example in training]
    write_tokenizer(train_tokenizer(texts), ASSETS / "tokenizer")


if __name__ == "__main__":
    main()
