"""The Python bindings of XAD, a C++ library that records on a tape."""

from importlib.metadata import version as version_of

import xad.adj_1st
import xad.math

version = version_of("xad")


def record(program, numbers):
    """See `benchmarks.engines`."""
    tape = xad.adj_1st.Tape()
    tape.activate()
    xs = [xad.adj_1st.Real(x) for x in numbers]
    tape.registerInputs(xs)
    tape.newRecording()
    y = program(xs, xad.math.exp)

    def sweep():
        tape.registerOutput(y)
        y.setDerivative(1.0)
        tape.computeAdjoints()
        gradient = [x.getDerivative() for x in xs]
        tape.deactivate()
        return gradient

    return y.getValue(), sweep
