"""Backpropagation, seen: a notebook in the form of a program. `make_notebook.py` turns it into backprop.ipynb."""

# %% [markdown]
# # Backpropagation, seen
#
# A network learns by asking one question of every number in it: *if you were a little larger, how would the result
# change?* Backpropagation answers it for all of them at once. This notebook shows how, on graphs small enough to look
# at.
#
# It is written by `python demos/make_notebook.py` from `demos/backprop.py`, which is also a program: `python
# demos/backprop.py`.

# %%
import sys
import time

import autograd
import nn
from autograd import Value, draw, explain, formula, scope

# %% [markdown]
# ## A computation is a graph
#
# Each `Value` holds a number and remembers what it was computed from. Here is one neuron with two inputs.

# %%
x1, x2 = Value(-1.0, label="x1"), Value(-2.0, label="x2")
w1, w2, b = Value(2.0, label="w1"), Value(-3.0, label="w2"), Value(-3.0, label="b")
with scope("neuron"):
    y = autograd.sigmoid(w1 * x1 + w2 * x2 + b)
y.label = "y"
formula(y)

# %%
draw(y, engine="own")

# %% [markdown]
# Read a card from left to right: `∂` at each pin is the *local derivative*, how much the card's value changes with that
# operand; then the operation; then the value. No gradient is known yet, so `∇` shows "–".
#
# For × the local derivative of one factor is the other factor. For + it is 1, so its pins stay blank.
#
# ## The chain rule, backwards
#
# `y.backward()` starts with ∂y/∂y = 1 and walks the arrows back. At each pin it multiplies the gradient of the card by
# the `∂` of the pin, and adds the product to the gradient of the card the arrow comes from.

# %%
y.backward()
draw(y, engine="own")

# %% [markdown]
# Check one by hand: the gradient of σ's card is 1, its pin says 0.197, and 1 × 0.197 = 0.197 arrives at Σ. From there
# it passes both blank pins unchanged. At the lower ×, w₂'s pin says −2, and 0.197 × −2 = −0.393: that is ∂y/∂w₂.
#
# `explain` writes down exactly that product.

# %%
explain(y, w2)

# %%
explain(y, w2, symbolic=True)

# %% [markdown]
# ## What a gradient promises
#
# Move w₂ by a small step h. The gradient predicts that y changes by ∂y/∂w₂ · h. The prediction is good for a small step
# and poor for a large one, because σ bends.

# %%
for h in (0.01, 0.1, 1.0):
    moved = autograd.sigmoid(w1.data * x1.data + (w2.data + h) * x2.data + b.data)
    print(f"h = {h:<5} predicted {w2.grad * h:+.5f}   true {moved - y.data:+.5f}")

# %% [markdown]
# ## A value used twice
#
# Where two arrows leave a card, two contributions come back, and they are *added*. This is the one step that is easy to
# get wrong: setting the gradient instead of adding to it loses a path.

# %%
x = Value(3.0, label="x")
z = x * x + x
z.label = "z"
z.backward()
print(explain(z, x))
draw(z, engine="own")

# %% [markdown]
# ## Where learning stops
#
# A product of small numbers is smaller still. Cards on which the gradient dies are marked: a *saturated* tanh or
# sigmoid is nearly flat, a *dead* relu is flat. Arrows through which nothing flows are dashed.

# %%
a = Value(4.0, label="a")
stuck = autograd.tanh(a * 2) * 0.5 + autograd.relu(a - 5)
stuck.label = "y"
stuck.backward()
draw(stuck, engine="own")

# %% [markdown]
# ## A network is the same, only more of it
#
# With more cards a picture is better drawn with one card for each neuron. Modules of `nn` say which nodes belong
# together.

# %%
model = nn.annotate(nn.MLP(2, [4, 1], activation="tanh", output="sigmoid", seed=3))
loss = (model([Value(1.0, label="x1"), Value(-1.0, label="x2")]) - 1.0) ** 2
loss.label = "loss"
loss.backward()
draw(loss, level="module", engine="own")

# %% [markdown]
# ## Learning
#
# Step each parameter a little against its gradient, and repeat. On XOR:

# %%
xs, ys = nn.datasets.xor()
optimizer = nn.SGD(model.parameters(), lr=1.0, momentum=0.9)
film = autograd.Film(
    lambda: nn.mse([model(x) for x in xs], ys),
    predict=model,
    points=list(zip(xs, ys, strict=True)),
    every=10,
    title="XOR is learnt",
)
history = nn.fit(model, xs, ys, loss=nn.mse, optimizer=optimizer, epochs=300, callbacks=[film], progress=False)
print(f"loss {history.losses[0]:.3f} → {history.losses[-1]:.4f}")
print("predictions", [round(model(x).data, 2) for x in xs], "targets", ys)

# %% [markdown]
# ## The same, compiled
#
# A training step can be a program of machine code: forward pass, backward pass and update, traced once from the same
# functions. It does the same operations in the same order, so every number is the same, to the last bit.
#
# That pays when a training is long. `python demos/backprop.py --compile` measures one.


# %%
def train(epochs, *, compile):
    """The losses of a network like that one, and the processor time they took."""
    start = time.process_time()
    twin = nn.MLP(2, [4, 1], activation="tanh", output="sigmoid", seed=3)
    optimizer = nn.SGD(twin.parameters(), lr=1.0, momentum=0.9)
    history = nn.fit(twin, xs, ys, loss=nn.mse, optimizer=optimizer, epochs=epochs, compile=compile, progress=False)
    return history.losses, time.process_time() - start


print("the same losses:", train(300, compile=True)[0] == history.losses)

if "--compile" in sys.argv:
    (losses, quick), (others, slow) = train(20_000, compile=True), train(20_000, compile=False)
    print(f"20,000 epochs took {quick:.3f} s compiled and {slow:.3f} s not: {slow / quick:.1f} times as quick")
    print("the same losses:", losses == others)

# %% [markdown]
# `film.save("xor.html")` writes the run as a page with a slider, and `draw(y).save("neuron.html")` writes a page that
# steps through the chain rule, lets you drag any number and see everything follow, and asks you to guess gradients.
# Both are one file that needs nothing else.

# %%
print(film)
