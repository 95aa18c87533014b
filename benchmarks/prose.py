"""The words between the tables of docs/benchmarks.md. Names in braces are filled in from the results."""

from textwrap import dedent

WORDS = {
    "top": """
        Written by `python -m benchmarks` on {date}; not to be edited by hand. How it measures, and how to run it:
        [benchmarks/README.md](../benchmarks/README.md). All engines took part in one run, asked in turn, in {rounds}
        rounds; figures are medians, times are processor time. **Ratios are what to quote**: the absolute times are of
        one machine ({cpu}, {cores} cores, {system}, CPython {python}) at one moment, with other work on it.
        """,
    "goals": """
        What the project set itself to reach, before there was anything to measure. A figure that is missed is shown as
        missed.
        """,
    "chain": """
        A graph of + × and exp over ten leaves, y ← y + exp(a·y)·0.00001, with the cyclic garbage collector off and on.
        Slow engines are given fewer nodes, which flatters them where the collector is on. CasADi's backward time has
        the derivation of the gradient in it; JAX and HIPS autograd build the reverse pass as they go forward. The last
        two rows are no engines: what CPython takes for the same loop on plain floats, and what C takes for this one
        program written out by hand.

        Bytes are what a new process grows by while the graph is alive, divided by its nodes (ours in C: over
        {bytes_nodes}). Ours in C is one cache line a node.
        """,
    "growth": """
        Ours in C, forward + backward, collector off. A straight line has the same time a node in every row. Small
        graphs pay for the call, and large ones for memory that the operating system has to hand out.
        """,
    "xor": """
        A 2-4-1 network of sigmoids, full batch, ½ Σ error², plain gradient descent: the same parameters and the same
        steps for all. Seconds for 10,000 epochs, in proportion where fewer were run; collector off unless it says on.
        The tutorial's program is one neuron, which cannot learn XOR.
        """,
    "moons": """
        100 points, a 2-16-16-1 network of relus, hinge loss and L2 regularisation, full batch, each library's own `nn`.
        Seconds for 100 steps; in each round micrograd ran 3, ours in Python 10.
        """,
    "gpt": """
        Embeddings, RMS norm, attention with softmax, MLP, cross-entropy and Adam: 16 dimensions, 4 heads, 4,192
        parameters, 8 tokens, {gpt_nodes} nodes in plain scalar operations. Milliseconds a step, of which Adam's. All
        find the same losses.
        """,
    "rosenbrock": """
        Value and gradient, microseconds, as `scipy.optimize.minimize(…, jac=True)` asks for them, collector off.
        PyTorch, JAX (`jit`), CasADi and HIPS autograd have the function written for whole vectors; JAX and CasADi
        compiled it before. The others run the loop over scalars.
        """,
    "imports": """
        Milliseconds in a new process, without Python's own start.
        """,
}


def words(name, results):
    """The paragraphs of a section."""
    facts = {
        **results["machine"],
        "date": results["date"],
        "rounds": results["rounds"],
        "bytes_nodes": f"{results['memory'].get('c', {}).get('n', 0):,}",
        "gpt_nodes": f"{results['gpt']['nodes']:,}",
    }
    return dedent(WORDS[name]).strip().format(**facts)
