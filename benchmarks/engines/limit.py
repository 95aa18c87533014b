"""Hand-written C for the chain and for XOR (limit.c), compiled on the spot: no engine, but what engines cannot beat."""

import ctypes
import os
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")
LIBRARY = os.path.join(HERE, ".peers", "limit.so")

os.makedirs(os.path.dirname(LIBRARY), exist_ok=True)
subprocess.run(["cc", *FLAGS, os.path.join(HERE, "limit.c"), "-o", LIBRARY, "-lm"], check=True)
library = ctypes.CDLL(LIBRARY)
library.chain_forward.restype = library.xor_train.restype = ctypes.c_double
version = subprocess.run(["cc", "-dumpfullversion"], check=True, capture_output=True, text=True).stdout.strip()


def chain(n, numbers):
    """`record` for the one program that is written out: see `benchmarks.workloads.chain`."""
    steps = ctypes.c_long(n // 4)
    xs, grad = (ctypes.c_double * 10)(*numbers), (ctypes.c_double * 10)()
    ys, es = (ctypes.c_double * (n // 4))(), (ctypes.c_double * (n // 4))()

    def sweep():
        library.chain_backward(steps, xs, ys, es, grad)
        return list(grad)

    return library.chain_forward(steps, xs, ys, es), sweep


def xor(parameters, epochs, lr):
    """The loss before the last of `epochs` steps; `parameters` are changed in place."""
    array = (ctypes.c_double * len(parameters))(*parameters)
    loss = library.xor_train(ctypes.c_long(epochs), ctypes.c_double(lr), array)
    parameters[:] = array
    return loss
