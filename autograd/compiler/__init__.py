"""The compiler behind `autograd.compile`: a function over Values, traced once, then run as native code.

    trace        the function runs once on traced numbers, by the signature of its arguments
    tape         what it did, as flat lists of integers; control flow on data is refused here
    sweep        transforms on the tape: adjoints are nodes, so gradients of any order are programs too
    rules        the texts of the table for numbers that are not known yet
    lower        nodes to machine operations, nothing twice
    join         nothing dead; chains of sums and products are sums of products
    reassociate  long sums cut into eight, if asked for
    python       the executor that needs nothing
    native       straight machine code, by llvmlite
    roll         machine operations to loops over whole rows of numbers
    kernel       one prebuilt kernel that runs any loops
    rolled       loops as machine code of their own, several as one
    segments     which numbers stand in large arrays of the caller
    loops        the executor of loops: by the kernel, compiled once that pays
    cache        object code on disk
    structure    arguments into memory, results out of it
    function     the compiled function: from the call to the executor and back

There is one set of rules, the table's: gradients are written on the tape by its partials, and every executor runs what `lower`
makes of its values. Machine operations keep eager's order and rounding, so results agree to the last bit.
"""
