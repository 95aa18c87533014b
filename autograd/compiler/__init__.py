"""The compiler behind `autograd.compile`: a function over Values, traced once, then run as native code.

In the order in which a call meets them:

    function        the compiled function: from the call to the executor and back
    memory          arguments into memory, results out of it
    trace           runs the function once on traced numbers, for each signature of its arguments
    tape            what it did, as flat lists of integers; control flow on data is refused here
    regions         `scan`, `map` and `cond` on the tape: bodies in line, between the nodes that begin and end them
    rolling         plain loops, found again in the trace
    partials        the table's partials, as nodes
    sweep           transforms on the tape: adjoints are nodes, so gradients of any order are programs too
    bodies          what depends on what in the body of a loop, and its nodes seen from another body
    body_sweeps     the derivative of a loop is a loop, that of a branch a branch
    texts           the texts of the table, evaluated for numbers that are not known yet
    machine         machine programs, and the table of the operations they are made of
    symbolic        numbers that stand for machine operations
    lower           nodes of the tape to machine operations, nothing computed twice
    passes          nothing dead, sums of products whole; long sums cut into eight, if asked for
    python          the executor that needs nothing
    c_source        the program as a file of C, to take elsewhere
    llvm            LLVM's language, and machine code made of it
    captures        numbers it found outside of its arguments, which trace anew when they change
    cache           object code on disk
    native          the executor of small programs: straight machine code
    bodies_in_llvm  its loops and branches
    loop_finder     machine operations to loops over many numbers
    interpreter     machine code, compiled once, that runs the loops of any program
    native_loops    a program's loops as machine code of their own, several as one
    shared_arrays   which numbers stand in large arrays of the caller
    loop_executor   the executor of large programs: loops interpreted, and compiled once that pays

There is one set of rules, the table's: gradients are written on the tape by its partials, and every executor runs what `lower`
makes of its values. Machine operations keep the engine's order and rounding, so results agree to the last bit.
"""
