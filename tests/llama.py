"""llama.cpp's OpenAI-compatible server with a small real model, as a process: prints its address, ends with its stdin.

python llama.py MODEL.gguf
"""

from __future__ import annotations

import sys

import xllamacpp

ALIAS = "smollm2-135m"


def main(model: str) -> None:
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {ALIAS}
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 1
    # More threads spin while they wait for each other: ten times the processor time on a busy machine.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.sampling.seed = 1  # the same answers in every run
    params.n_gpu_layers = 0
    params.ui = False
    server = xllamacpp.Server(params)
    print(f"address {server.listening_address}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
